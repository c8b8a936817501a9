import { cpSync, globSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { readArtifact } from "../../src/adapters/chain/readArtifact.ts";
import { CONTRACT_NAMES } from "../../src/base/types/deployment.ts";

/** Files that the sources read at run time, at the same paths beside the bundle. */
const DATA = [
  "src/adapters/storage/migrations/*.sql",
  "src/demo/profiles/*.yaml",
  "src/stages/ingest/profile/shipped/*.yaml",
  "src/stages/plausibility/rules/*.json",
  "src/stages/quantify/methodologies/*.json",
];

/** Copies what the command line reads at run time into the bundle's folder. */
export async function copyData(folder: string): Promise<void> {
  for (const file of DATA.flatMap((pattern) => globSync(pattern))) cpSync(file, join(folder, file));
  for (const name of CONTRACT_NAMES) {
    const artifact = await readArtifact(name);
    const { abi, bytecode, deployedBytecode, immutableReferences } = artifact;
    const { linkReferences, deployedLinkReferences } = artifact;
    const place = join(folder, "artifacts", `${name}.sol`);
    mkdirSync(place, { recursive: true });
    writeFileSync(
      join(place, `${name}.json`),
      JSON.stringify({
        abi,
        bytecode,
        deployedBytecode,
        immutableReferences,
        linkReferences,
        deployedLinkReferences,
      }),
    );
  }
  const { version, type } = JSON.parse(readFileSync("package.json", "utf8")) as Record<string, string>;
  writeFileSync(join(folder, "package.json"), `${JSON.stringify({ version, type })}\n`);
}
