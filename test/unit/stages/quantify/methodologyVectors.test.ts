import { describe, expect, it } from "vitest";
import { toHex, utf8 } from "../../../../src/base/lib/bytes.ts";
import type { ActivityRecord } from "../../../../src/base/types/activityRecord.ts";
import type { ActivityKey, ProviderId, SubjectKey } from "../../../../src/base/types/ids.ts";
import type { Methodology2 } from "../../../../src/base/types/methodology.ts";
import type { Day, Milligrams } from "../../../../src/base/types/quantities.ts";
import type { PeriodCaps } from "../../../../src/base/types/reduction.ts";
import { parseCanonicalJson } from "../../../../src/format/canonicalJson.ts";
import { keccak } from "../../../../src/format/keccak.ts";
import { methodologyIdOf, parseMethodology, validityDays } from "../../../../src/format/batch/methodology.ts";
import { parseRecords, RECORD_SCHEMA_2 } from "../../../../src/format/batch/record.ts";
import { isQuantified, quantifyDown } from "../../../../src/stages/quantify/quantify.ts";
import { PlainCaps } from "../dedupe/support/plainCaps.ts";
import { toldCodeOf, vectors } from "../../format/support/vectors.ts";
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
  readonly capped: readonly {
    name: string;
    acts: readonly { of: string; by: string; record: string; milligrams?: string; code?: string }[];
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

/** Grams of at most three places as milligrams, without the code that does it elsewhere. */
function plainCapsOf({ caps, region, code }: Methodology2): { caps?: PeriodCaps } {
  const milligrams = (grams: string | null): Milligrams | null =>
    grams === null ? null : (BigInt(Math.round(Number(grams) * 1000)) as Milligrams);
  const { gramsPerSubjectDay, gramsPerSubjectYear, gramsPerProgrammeYear } = caps;
  if (gramsPerSubjectDay === null && gramsPerSubjectYear === null && gramsPerProgrammeYear === null)
    return {};
  return {
    caps: {
      methodology: `${region} ${code}`,
      subjectDay: milligrams(gramsPerSubjectDay),
      subjectYear: milligrams(gramsPerSubjectYear),
      programmeYear: milligrams(gramsPerProgrammeYear),
    },
  };
}

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

  it.each(golden.capped)("leave under caps what is left: $name", ({ acts }) => {
    const model = new PlainCaps();
    for (const { of, by, record: json, ...expected } of acts) {
      const methodology = methodologyOf(of);
      const record = recordOf(json);
      const milligrams = plainMilligrams(record, methodology, 8) as Milligrams;
      const left = model.take({
        record,
        milligrams,
        day: Math.floor((record.startedAt + 8 * 3600) / 86_400) as Day,
        subjectKey: keccak(utf8(by)) as SubjectKey,
        methodologyId: methodologyIdOf(methodology),
        region: methodology.region,
        activityKey: new Uint8Array(32) as ActivityKey,
        ...plainCapsOf(methodology),
      });
      if (expected.code === undefined) expect(left).toBe(BigInt(expected.milligrams ?? ""));
      else expect([left, expected.code.slice(0, 4)]).toEqual([0n, "cap."]);
    }
  });

  it.each(golden.refused)("refuse $name", ({ error, json }) => {
    expect(error).toBe("methodology.malformed");
    expect(toldCodeOf(() => parseMethodology(json))).toBe(error);
  });
});
