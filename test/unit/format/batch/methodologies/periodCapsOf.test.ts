import { expect, it } from "vitest";
import { sampleMethodology } from "../../../../../scripts/generate/vectors/methodologyVectors.ts";
import { MAX_MILLIGRAMS } from "../../../../../src/base/lib/mass.ts";
import { capsSubjects } from "../../../../../src/format/batch/methodologies/capsSubjects.ts";
import { periodCapsOf } from "../../../../../src/format/batch/methodologies/periodCapsOf.ts";

const capsOf = (caps: object) =>
  periodCapsOf(sampleMethodology({ caps: { ...sampleMethodology().caps, ...caps } }));

it("caps on days and years stand under the methodology's name, in milligrams", () => {
  expect(capsOf({})).toBeNull();
  expect(capsOf({ gramsPerAct: "1", unitsPerAct: "1" })).toBeNull();
  const none = {
    methodology: "VECTOR TEST-VECTOR",
    subjectDay: null,
    subjectYear: null,
    programmeYear: null,
  };
  expect(capsOf({ gramsPerSubjectDay: "0.001" })).toEqual({ ...none, subjectDay: 1n });
  expect(capsOf({ gramsPerSubjectYear: "2" })).toEqual({ ...none, subjectYear: 2_000n });
  expect(capsOf({ gramsPerProgrammeYear: "3.5" })).toEqual({ ...none, programmeYear: 3_500n });
});

it("what no leaf can hold caps as the most that one can", () => {
  expect(capsOf({ gramsPerSubjectDay: "9223372036854775.806" })?.subjectDay).toBe(MAX_MILLIGRAMS - 1n);
  for (const grams of ["9223372036854775.807", "9223372036854775.808", "9".repeat(30)])
    expect(capsOf({ gramsPerSubjectDay: grams })?.subjectDay).toBe(MAX_MILLIGRAMS);
});

it("caps bound a subject where they are on its days or years", () => {
  const bound = (caps: object) => capsSubjects(capsOf({ gramsPerProgrammeYear: "1", ...caps }) as never);
  expect(bound({})).toBe(false);
  expect(bound({ gramsPerSubjectDay: "1" })).toBe(true);
  expect(bound({ gramsPerSubjectYear: "1" })).toBe(true);
  expect(bound({ gramsPerSubjectDay: "1", gramsPerSubjectYear: "1" })).toBe(true);
});
