import { codes, importsOf, type Source } from "./importRules.ts";
import { tableRows } from "./markdown.ts";

/** Package → the places where it may be used, from the dependency tables of the README. */
export type Homes = ReadonlyMap<string, readonly string[]>;

export function parseHomes(markdown: string): Homes {
  const rows = [...tableRows(markdown, ["package", "home"]), ...tableRows(markdown, ["tool", "home"])];
  return new Map(
    rows.flatMap(([packages = "", homes = ""]) =>
      codes(packages).map((name) => [name, codes(homes)] as const),
    ),
  );
}

/** Every package that a file of src imports outside the package's home. */
export function strayPackages(sources: readonly Source[], homes: Homes): string[] {
  return sources.flatMap((source) =>
    importsOf(source.text)
      .filter((specifier) => !specifier.startsWith(".") && !specifier.startsWith("node:"))
      .map(packageOf)
      .filter((name) => !(homes.get(name) ?? []).some((home) => isUnder(source.path, home)))
      .map((name) => `${source.path} imports ${name} outside its home.`),
  );
}

/** Every package that no file under its home names. */
export function idlePackages(names: readonly string[], files: readonly Source[], homes: Homes): string[] {
  return names
    .filter((name) => {
      const used = new RegExp(`["']${name.replaceAll(".", "\\.")}(?:/[^"']*)?["']`);
      return !files.some(
        (file) => (homes.get(name) ?? []).some((home) => isUnder(file.path, home)) && used.test(file.text),
      );
    })
    .map((name) => `${name} is used nowhere in its home (${(homes.get(name) ?? ["none"]).join(", ")}).`);
}

function packageOf(specifier: string): string {
  return specifier
    .split("/")
    .slice(0, specifier.startsWith("@") ? 2 : 1)
    .join("/");
}

function isUnder(path: string, home: string): boolean {
  return path === home || path.startsWith(`${home}/`);
}
