import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Metafile } from "esbuild";

const LICENCE = /^(?:licen[cs]e|copying|notice)(?:[.-].*)?$/i;

/** Names, versions and licence texts of all packages that went into a bundle, as their licences ask. */
export function thirdPartyText(bundles: readonly Metafile[]): string {
  const folders = new Set(
    bundles
      .flatMap(({ inputs }) => Object.keys(inputs))
      .map((path) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0])
      .filter((folder) => folder !== undefined),
  );
  return [...folders].toSorted().map(noticeOf).join("\n");
}

function noticeOf(folder: string): string {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as {
    name: string;
    version: string;
    license?: string;
  };
  const texts = readdirSync(folder)
    .filter((file) => LICENCE.test(file))
    .toSorted()
    .map((file) => readFileSync(join(folder, file), "utf8").trim());
  if (texts.length === 0 && license === undefined && !existsSync(join(folder, "README.md")))
    throw new Error(`${folder} says nothing of its licence; it can't be shipped.`);
  const title = `${name} ${version}, ${license ?? "licence in its text"}`;
  return [title, "-".repeat(title.length), ...texts, ""].join("\n");
}
