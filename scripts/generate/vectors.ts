import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { retirementVectors, statementVectors, storageVectors, textVectors } from "./vectors/chainVectors.ts";
import { disputeVectors } from "./vectors/disputeVectors.ts";
import { jsonVectors } from "./vectors/jsonVectors.ts";
import { keyVectors } from "./vectors/keyVectors.ts";
import { methodologyVectors } from "./vectors/methodologyVectors.ts";
import { proofFileVectors } from "./vectors/proofFileVectors.ts";
import { absenceVectors, inclusionVectors, rangeVectors } from "./vectors/proofVectors.ts";
import { batchVectors } from "./vectors/sampleBatch.ts";
import { signatureVectors } from "./vectors/signatureVectors.ts";
import { solidityVectors } from "./vectors/solidityVectors.ts";
import { spanVectors } from "./vectors/spanVectors.ts";
import { strikeVectors } from "./vectors/strikeVectors.ts";
import { leafVectors, treeVectors } from "./vectors/treeVectors.ts";

const FOLDER = fileURLToPath(new URL("../../test/vectors/", import.meta.url));
const HELP = `Golden vectors of the batch format, test/vectors/*.json.

  node scripts/generate/vectors.ts --write    make them anew
  node scripts/generate/vectors.ts --check    fail where a file differs from what would be made
`;

/** Name of the file without .json, and what makes its content. */
const VECTORS: Record<string, () => Record<string, unknown> | Promise<Record<string, unknown>>> = {
  "canonical-json": jsonVectors,
  keys: keyVectors,
  methodologies: methodologyVectors,
  leaves: leafVectors,
  trees: treeVectors,
  inclusion: inclusionVectors,
  absence: absenceVectors,
  ranges: rangeVectors,
  strikes: strikeVectors,
  disputes: disputeVectors,
  batch: batchVectors,
  statement: statementVectors,
  retirement: retirementVectors,
  storage: storageVectors,
  texts: textVectors,
  signatures: signatureVectors,
  "proof-files": proofFileVectors,
  spans: spanVectors,
  solidity: solidityVectors,
};

async function main(mode: string | undefined): Promise<number> {
  if (mode !== "--write" && mode !== "--check") {
    process.stdout.write(HELP);
    return mode === undefined || mode === "--help" ? 0 : 2;
  }
  await mkdir(FOLDER, { recursive: true });
  const stale: string[] = [];
  for (const [name, make] of Object.entries(VECTORS)) {
    const path = join(FOLDER, `${name}.json`);
    const text = `${JSON.stringify(await make(), null, 1)}\n`;
    if (mode === "--write") await writeFile(path, text);
    else if ((await readFile(path, "utf8").catch(() => "")) !== text) stale.push(`${name}.json`);
  }
  const unknown = (await readdir(FOLDER)).filter(
    (file) => file.endsWith(".json") && !(file.slice(0, -5) in VECTORS),
  );
  if (stale.length > 0)
    process.stderr.write(
      `Stale vectors: ${stale.join(", ")}. Run node scripts/generate/vectors.ts --write and read the ` +
        "difference.\n",
    );
  if (unknown.length > 0) process.stderr.write(`Nothing makes these files: ${unknown.join(", ")}.\n`);
  return stale.length + unknown.length > 0 ? 1 : 0;
}

process.exitCode = await main(process.argv[2]);
