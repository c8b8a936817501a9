import { expect, it } from "vitest";
import { regionCode } from "../../../../src/base/lib/ids.ts";
import type { ActivityRecord } from "../../../../src/base/types/activityRecord.ts";
import type { Day, UnixSeconds } from "../../../../src/base/types/quantities.ts";
import {
  projectRecordRefusal,
  type RecordedProject,
} from "../../../../src/stages/projects/projectRecordRefusal.ts";
import { PROJECT_SENTENCES } from "../../../../src/stages/projects/reasonCodes.ts";

const CITY = regionCode("CITY");
const RECORD = {
  provider: "roofs",
  recordId: "m1",
  scenario: "pv-generation",
  asset: { kind: "meter", key: `0x${"22".repeat(32)}` },
  startedAt: Date.UTC(2025, 0) / 1000,
  endedAt: null,
} as unknown as ActivityRecord;
const PROJECT: RecordedProject = {
  state: "registered",
  region: CITY,
  scenario: "pv-generation",
  creditingPeriod: { startDay: 0 as Day, endDay: 40_000 as Day },
  installationKind: "meter",
};
const refusal = (project: RecordedProject | null) =>
  projectRecordRefusal(RECORD, project, CITY, "UTC", 4_000_000_000 as UnixSeconds);

it("a record counts for a project of its region, class and kind of installation alone", () => {
  expect(refusal(PROJECT)).toBeNull();
  const refused = [
    [null, "project.unknown", "provider"],
    [{ ...PROJECT, region: regionCode("OTHER") }, "project.other-region", "provider"],
    [{ ...PROJECT, scenario: "bike" }, "project.other-scenario", "scenario"],
    [{ ...PROJECT, installationKind: "connector" }, "project.no-installation", "asset"],
  ] as const;
  for (const [project, code, field] of refused) {
    expect(refusal(project)).toMatchObject({ code, field });
    expect(PROJECT_SENTENCES[code]).toMatch(/\.$/);
  }
});
