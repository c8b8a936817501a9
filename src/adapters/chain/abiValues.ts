import { decodeAbiParameters, hexToString, keccak256, type Abi, type AbiParameter } from "viem";
import type { ContractName } from "../../base/types/deployment.ts";
import type { Hex } from "../../base/types/ids.ts";
import { CONTRACT_ABIS } from "./abis.generated.ts";

export type { Abi, AbiParameter } from "viem";

/** ABIs of contracts and functions that are named at run time. */
export const ABI_OF: Readonly<Record<ContractName, Abi>> = CONTRACT_ABIS;

/** One plain value inside arguments or answers: where it stands, and the value as a text. */
export interface NamedLeaf {
  /** Its own name, without the underscore that keeps a parameter apart from a getter. */
  readonly name: string;
  /** `links.participants`, `threshold`. */
  readonly path: string;
  readonly value: string;
}

/**
 * The plain values of parameters, structs taken apart, addresses and bytes in lower case.
 * @param values as viem takes and gives them: in order, a struct as an object
 */
export function namedLeaves(
  parameters: readonly AbiParameter[],
  values: readonly unknown[],
  path = "",
): NamedLeaf[] {
  return parameters.flatMap((parameter, index) => {
    const name = (parameter.name ?? String(index)).replace(/_$/, "");
    const value = values[index];
    const here = path === "" ? name : `${path}.${name}`;
    if (parameter.type === "tuple" && "components" in parameter) {
      const members = value as Readonly<Record<string, unknown>>;
      const inner = parameter.components.map(({ name: member = "" }) => members[member]);
      return namedLeaves(parameter.components, inner, here);
    }
    const isHex = parameter.type === "address" || parameter.type.startsWith("bytes");
    return [{ name, path: here, value: isHex ? String(value).toLowerCase() : String(value) }];
  });
}

/** What a constructor takes, of an ABI. */
export function constructorInputs(abi: Abi): readonly AbiParameter[] {
  return abi.find((entry) => entry.type === "constructor")?.inputs ?? [];
}

/** Encoded values as `namedLeaves` has them; null where the data is not of these parameters. */
export function decodedLeaves(parameters: readonly AbiParameter[], data: Hex): NamedLeaf[] | null {
  if (parameters.length === 0) return [];
  try {
    return namedLeaves(parameters, decodeAbiParameters(parameters, data));
  } catch {
    return null;
  }
}

/** A short text that fills its bytes with zeros, such as a region or a country. */
export function paddedText(bytes: Hex): string {
  return hexToString(bytes).replaceAll("\0", "");
}

/** keccak-256 of code. */
export function codeHash(code: Hex): Hex {
  return keccak256(code);
}
