import { readdir, readFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Abi } from "viem";
import { UsageError } from "../../base/errors/errors.ts";
import type { ContractName } from "../../base/types/deployment.ts";
import type { Hex } from "../../base/types/ids.ts";

/** What the compiler made of one contract. */
export interface Artifact {
  readonly abi: Abi;
  /** Creation code, without constructor arguments; placeholders where addresses of libraries belong. */
  readonly bytecode: Hex;
  /** Code as it comes to stand on chain, with zeros where the constructor writes immutables. */
  readonly deployedBytecode: Hex;
  /** Places of the immutables in it, in bytes. */
  readonly immutableReferences: Readonly<Record<string, readonly CodePlace[]>>;
  /** Places of libraries' addresses in the creation code: source file, library's name, places in bytes. */
  readonly linkReferences: LinkReferences;
  /** The same in the code that comes to stand on chain. */
  readonly deployedLinkReferences: LinkReferences;
}

/** A place in code, in bytes. */
export interface CodePlace {
  readonly start: number;
  readonly length: number;
}

/** Where addresses of libraries belong, by source file and library's name. */
export type LinkReferences = Readonly<Record<string, Readonly<Record<string, readonly CodePlace[]>>>>;

const BUILT = fileURLToPath(new URL("../../../artifacts", import.meta.url));

/**
 * Reads a contract as Hardhat built it.
 * @param folder where Hardhat put the artifacts; the checkout's own by default
 * @throws UsageError `contracts.not-built`
 */
export async function readArtifact(name: ContractName, folder: string = BUILT): Promise<Artifact> {
  // AccessManager is OpenZeppelin's own, so it lies in another branch of the tree than ours.
  const files = await readdir(folder, { recursive: true }).catch(() => []);
  const file = files.find(
    (path) => basename(path) === `${name}.json` && basename(dirname(path)) === `${name}.sol`,
  );
  if (file === undefined) {
    throw new UsageError(
      "contracts.not-built",
      `The contract ${name} is not built. Run: npm run build:contracts`,
    );
  }
  return JSON.parse(await readFile(join(folder, file), "utf8")) as Artifact;
}
