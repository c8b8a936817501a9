import { describe, expect, it } from "vitest";
import { toHex } from "../../../../src/base/lib/bytes.ts";
import { providerId } from "../../../../src/base/lib/ids.ts";
import type { ConfidentialLeaf } from "../../../../src/base/types/confidentialLeaf.ts";
import type { SubjectKey } from "../../../../src/base/types/ids.ts";
import type { MicroUnits, Milligrams, UnixSeconds } from "../../../../src/base/types/quantities.ts";
import { RECORD_SCHEMA } from "../../../../src/format/batch/record.ts";
import { decodeLeafLine, encodeLeafLine } from "../../../../src/stages/attest/confidentialPackage.ts";
import { refusedFor } from "../../../support/refusedFor.ts";

const word = (byte: number) => new Uint8Array(32).fill(byte);
const LEAF: ConfidentialLeaf = {
  subjectKey: word(1) as SubjectKey,
  salt: word(2),
  records: [
    {
      provider: providerId("metro"),
      recordId: "r",
      scenario: "metro",
      startedAt: 60 as UnixSeconds,
      endedAt: null,
      quantity: 1_000_000n as MicroUnits,
      unit: "passenger-km",
    },
  ],
};
const written = (leaf: ConfidentialLeaf) => JSON.parse(encodeLeafLine(leaf, RECORD_SCHEMA)) as object;

describe("a line of a confidential package", () => {
  it("comes back as it was written, with what it need not have and without", () => {
    const signatures = [Uint8Array.of(1, 2), new Uint8Array()];
    const leaves: ConfidentialLeaf[] = [
      LEAF,
      { ...LEAF, subjectKey: null },
      { ...LEAF, cutTo: 7n as Milligrams },
      { ...LEAF, signatures },
    ];
    for (const leaf of leaves)
      expect(decodeLeafLine(encodeLeafLine(leaf, RECORD_SCHEMA), 2, RECORD_SCHEMA)).toEqual(leaf);
    expect(Object.keys(written(LEAF))).toEqual(["subjectKey", "salt", "records"]);
    expect(written({ ...LEAF, signatures: [] })).toEqual(written(LEAF));
    expect(written({ ...LEAF, subjectKey: null, cutTo: 7n as Milligrams, signatures })).toMatchObject({
      subjectKey: null,
      salt: toHex(word(2)),
      milligrams: "7",
      signatures: ["0x0102", "0x"],
    });
  });

  it("is refused by its number, and nothing of it is repeated", () => {
    const good = written(LEAF);
    const bad: object[] = [
      { ...good, subjectKey: "0x01" },
      { ...good, salt: null },
      { ...good, records: "[]" },
      { ...good, records: 1 },
      { ...good, milligrams: "01" },
      { ...good, milligrams: 7 },
      { ...good, signatures: ["0x1"] },
      { ...good, more: 1 },
      [],
    ];
    for (const text of ["", "{", ...bad.map((one) => JSON.stringify(one))]) {
      const read = () => decodeLeafLine(text, 12, RECORD_SCHEMA);
      expect(read).toThrow(refusedFor("package.malformed"));
      expect(read).toThrow(
        "Line 12 of the confidential package is no leaf in the format microtonne-package/1. " +
          "Ask the operator for the package again.",
      );
    }
  });
});
