import { expect, it } from "vitest";
import { canonicalJson } from "../../../../src/format/canonicalJson.ts";
import {
  encodeDisclosure,
  parseDisclosure,
  type RetirementDisclosure,
} from "../../../../src/format/onchain/retirementDisclosure.ts";

const DISCLOSURE: RetirementDisclosure = {
  beneficiary: { name: "A branch", lei: "5493001KJTIIGC8Y1R12" },
  salt: `0x${"5a".repeat(32)}`,
  use: "a meeting",
};

it("what opens a retirement's hashes is read as it was written", () => {
  expect(parseDisclosure(encodeDisclosure(DISCLOSURE))).toEqual(DISCLOSURE);
});

it.each([
  ["beneficiary.name", { ...DISCLOSURE, beneficiary: { name: "" } }],
  ["salt", { ...DISCLOSURE, salt: "0x5a" }],
  ["use", { ...DISCLOSURE, use: "x".repeat(2001) }],
] as const)("and refused with the field that breaks it: %s", (field, broken) => {
  const refused = expect.objectContaining({
    code: "retirement.disclosure",
    message: expect.stringContaining(`breaks its schema at ${field}`) as unknown,
  }) as Error;
  expect(() => encodeDisclosure(broken)).toThrow(refused);
  expect(() => parseDisclosure(canonicalJson(broken))).toThrow(refused);
});
