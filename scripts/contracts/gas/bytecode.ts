import hre from "hardhat";

/** Most bytes of code that a contract may have (EIP-170). */
export const MAX_BYTECODE_BYTES = 24_576;

export interface BytecodeSize {
  readonly name: string;
  readonly bytes: number;
}

/** Sizes of all contracts under contracts/ that are deployed, mocks apart; the largest first. */
export async function measureBytecode(): Promise<BytecodeSize[]> {
  const names = [...(await hre.artifacts.getAllFullyQualifiedNames())];
  const ours = names.filter((name) => name.startsWith("contracts/") && !name.startsWith("contracts/mocks/"));
  const sizes = await Promise.all(ours.map(sizeOf));
  return sizes
    .filter(({ bytes }) => bytes > 0)
    .toSorted((a, b) => b.bytes - a.bytes || (a.name < b.name ? -1 : 1));
}

async function sizeOf(fullName: string): Promise<BytecodeSize> {
  const { contractName, abi, deployedBytecode } = await hre.artifacts.readArtifact(fullName);
  // A library whose functions are all internal has code too, but nobody deploys it.
  const callable = abi.some(({ type }) => type === "function");
  return { name: contractName, bytes: callable ? (deployedBytecode.length - 2) / 2 : 0 };
}
