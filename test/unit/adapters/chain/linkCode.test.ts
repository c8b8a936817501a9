import { describe, expect, it } from "vitest";
import { linkCode } from "../../../../src/adapters/chain/linkCode.ts";
import { CONTRACT_NAMES, type ContractAddresses } from "../../../../src/base/types/deployment.ts";
import type { Hex } from "../../../../src/base/types/ids.ts";

const contracts = Object.fromEntries(
  CONTRACT_NAMES.map((name, index) => [name, `0x${(index + 16).toString(16).repeat(20)}`]),
) as unknown as ContractAddresses;
const placeholder = `__$${"ab".repeat(17)}$__`;
const code = `0x60${placeholder}61${placeholder}` as Hex;

describe("code with libraries", () => {
  it("has their addresses in every place", () => {
    const places = [
      { start: 1, length: 20 },
      { start: 22, length: 20 },
    ];
    expect(linkCode(code, { "contracts/X.sol": { AccessManager: places } }, contracts)).toBe(
      `0x60${"10".repeat(20)}61${"10".repeat(20)}`,
    );
    expect(linkCode("0x6001", {}, contracts)).toBe("0x6001");
  });

  it("of a library that the deployment has not is refused", () => {
    const references = { "contracts/X.sol": { Elsewhere: [{ start: 1, length: 20 }] } };
    expect(() => linkCode(code, references, contracts)).toThrow(RangeError);
  });
});
