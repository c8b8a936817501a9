import hre from "hardhat";
import { Interface } from "ethers";

/** Of everything that is built, so that an error is found whichever contract or library it comes from. */
const names = [...(await hre.artifacts.getAllFullyQualifiedNames())];
const interfaces = await Promise.all(
  names.map(async (name) => new Interface((await hre.artifacts.readArtifact(name)).abi)),
);

/**
 * The declared error that a call was refused with, as `Name(argument,argument)`; fails where the call went
 * through or where the error is none that a contract declares.
 */
export async function refusal(call: Promise<unknown>): Promise<string> {
  const failure = await call.then(
    () => {
      throw new Error("The call went through.");
    },
    (error: unknown) => error,
  );
  const data = (failure as { data?: unknown }).data;
  if (typeof data !== "string") throw failure;
  return describeError(data);
}

/** Revert data as `Name(argument,argument)`. */
export function describeError(data: string): string {
  for (const candidate of interfaces) {
    const error = candidate.parseError(data);
    if (error !== null) return `${error.name}(${error.args.map(String).join(",")})`;
  }
  throw new Error(`No contract declares the error ${data}.`);
}
