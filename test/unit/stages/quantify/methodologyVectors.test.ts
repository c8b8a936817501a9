import { describe, expect, it } from "vitest";
import { toHex, utf8 } from "../../../../src/base/lib/bytes.ts";
import type { ActivityRecord } from "../../../../src/base/types/activityRecord.ts";
import type { ProviderId } from "../../../../src/base/types/ids.ts";
import type { Methodology2 } from "../../../../src/base/types/methodology.ts";
import { parseCanonicalJson } from "../../../../src/format/canonicalJson.ts";
import { keccak } from "../../../../src/format/keccak.ts";
import { methodologyIdOf, parseMethodology, validityDays } from "../../../../src/format/batch/methodology.ts";
import { parseRecords, RECORD_SCHEMA_2 } from "../../../../src/format/batch/record.ts";
import { isQuantified, quantifyDown } from "../../../../src/stages/quantify/quantify.ts";
import { codeOf, vectors } from "../../format/support/vectors.ts";
import { plainMilligrams } from "./support/plainMilligrams.ts";

interface Vectors {
  readonly methodologies: readonly { name: string; id: string; days: object; json: string }[];
  readonly acts: readonly {
    of: string;
    record: string;
    signers: ProviderId[];
    changes: string[];
    milligrams?: string;
    day?: number;
    code?: string;
    field?: string;
  }[];
  readonly refused: readonly { name: string; error: string; json: object }[];
}
const golden = vectors("methodologies") as Vectors;
const byName = new Map(
  golden.methodologies.map(({ name, json }) => [
    name,
    parseMethodology(parseCanonicalJson(utf8(json))) as Methodology2,
  ]),
);
const methodologyOf = (name: string): Methodology2 => byName.get(name) as Methodology2;
const recordOf = (json: string): ActivityRecord =>
  parseRecords(utf8(`[${json}]`), RECORD_SCHEMA_2)[0] as ActivityRecord;

describe("the golden vectors of methodologies", () => {
  it("have the ids and the days that other code makes of their bytes", () => {
    for (const { name, id, days, json } of golden.methodologies) {
      expect([name, toHex(keccak(utf8(json)))]).toEqual([name, id]);
      expect(methodologyIdOf(methodologyOf(name))).toBe(id);
      expect(validityDays(methodologyOf(name))).toEqual(days);
    }
  });

  it.each(golden.acts)("count $record under $of", ({ of, record: json, signers, changes, ...expected }) => {
    const record = recordOf(json);
    const outcome = quantifyDown(record, methodologyOf(of), {
      signers,
      changes: changes.map(methodologyOf),
    });
    if (isQuantified(outcome)) {
      expect(outcome).toEqual({ milligrams: BigInt(expected.milligrams ?? ""), day: expected.day });
      const all = [of, ...changes].map((name) => plainMilligrams(record, methodologyOf(name), 8));
      expect(outcome.milligrams).toBe(all.reduce((least, one) => (one < least ? one : least)));
    } else expect(outcome).toMatchObject(expected);
  });

  it.each(golden.refused)("refuse $name", ({ error, json }) => {
    expect(error).toBe("methodology.malformed");
    expect(codeOf(() => parseMethodology(json))).toBe(error);
  });
});
