import { describe, expect, it } from "vitest";
import { quantifyRows } from "../../../../src/app/ingest/quantifyRows.ts";
import type { ActivityKey, ProviderId, RegionCode, SubjectKey } from "../../../../src/base/types/ids.ts";
import type { Methodology } from "../../../../src/base/types/methodology.ts";
import { SHIPPED_CLASS_LISTS } from "../../../../src/format/batch/classes/classLists.ts";
import {
  activityMessage,
  subjectlessMessage,
  type ActivityKeyMessage,
} from "../../../../src/format/batch/keys.ts";
import { methodologyIdOf } from "../../../../src/format/batch/methodology.ts";
import { keccak } from "../../../../src/format/keccak.ts";
import type { SubjectIdentifier } from "../../../../src/stages/dedupe/ports.ts";
import type { RowOutcome } from "../../../../src/stages/ingest/readActivities.ts";
import { BoundsBook } from "../../../../src/stages/plausibility/boundsBook.ts";
import { shippedPlausibility } from "../../../../src/stages/plausibility/shippedPlausibility.ts";
import type { Project } from "../../../../src/stages/projects/ports.ts";
import { MethodologyCatalogue } from "../../../../src/stages/quantify/catalogue.ts";
import { utf8 } from "../../../../src/base/lib/bytes.ts";
import { at, methodology, methodology2, record } from "../../stages/quantify/support/helpers.ts";

const WUHAN = "WUHAN" as RegionCode;
const KEY = `0x${"ab".repeat(32)}` as const;
const subjectKeyOf = ({ scope, identifier }: SubjectIdentifier) =>
  keccak(utf8(`${scope} ${identifier}`)) as SubjectKey;
const activityKeyOf = ({ year, message }: ActivityKeyMessage) =>
  keccak(new Uint8Array([...utf8(String(year)), ...message])) as ActivityKey;
const BIKES = SHIPPED_CLASS_LISTS.newest.codeOf("bike") as number;

type Row = Extract<RowOutcome, { kind: "record" }>;
const anna = { scope: "deployment", identifier: "anna" };
const rowOf = (row: number, parts: Parameters<typeof record>[0] = {}, more: Partial<Row> = {}): Row => ({
  kind: "record",
  row,
  record: record({ recordId: `r-${String(row)}`, ...parts }),
  subject: anna,
  notes: [],
  raw: `raw ${String(row)}`,
  parts: [],
  ...more,
});

/** What becomes of rows in Wuhan, where bikes count 93.3 g/km unless other versions are given. */
async function quantified(
  outcomes: readonly RowOutcome[],
  {
    versions = [methodology()],
    projects = [],
    plausibility = new BoundsBook(shippedPlausibility()),
    asked = [],
  }: {
    versions?: readonly Methodology[];
    projects?: readonly Partial<Project>[];
    plausibility?: BoundsBook;
    asked?: SubjectIdentifier[];
  } = {},
) {
  const keys = {
    subjects: {
      subjectKeys: (some: readonly SubjectIdentifier[]) => {
        asked.push(...some);
        return Promise.resolve(some.map((one) => subjectKeyOf(one)));
      },
    },
    activities: {
      activityKeys: (some: readonly ActivityKeyMessage[]) =>
        Promise.resolve(some.map((one) => activityKeyOf(one))),
    },
  };
  return quantifyRows(
    {
      keys: keys as never,
      methodologies: new MethodologyCatalogue(versions, { refuseTestMethodologies: false }),
      plausibility,
      classLists: SHIPPED_CLASS_LISTS,
      projects: new Map(projects.map((one) => [one.id as ProviderId, one as Project])),
      now: at("2025-08-01T00:00:00Z"),
    },
    WUHAN,
    outcomes,
  );
}

describe("rows of a chunk", () => {
  it("are worth what their region's version counts, keyed by subject, class and minute", async () => {
    const asked: SubjectIdentifier[] = [];
    const bob = { scope: "metro", identifier: "bob" };
    const rows = [
      rowOf(1, {}, { notes: ["note.subject-absent"] }),
      rowOf(2, { quantity: 2_500_000n, startedAt: at("2025-06-01T16:30:00Z") }, { subject: bob }),
    ];
    const { keyed, refused } = await quantified(rows, { asked });
    expect(refused).toEqual([]);
    expect(asked).toEqual([anna, bob]);
    const day = Date.parse("2025-06-01") / 86_400_000;
    expect(keyed[0]).toEqual({
      row: 1,
      raw: "raw 1",
      notes: ["note.subject-absent"],
      parts: [],
      reduction: {
        record: rows[0]?.record,
        methodologyId: methodologyIdOf(methodology()),
        region: WUHAN,
        milligrams: 93_300n,
        day,
        subjectKey: subjectKeyOf(anna),
        activityKey: activityKeyOf(activityMessage(subjectKeyOf(anna), BIKES, at("2025-06-01T04:00:00Z"))),
      },
    });
    expect(keyed[1]?.reduction).toMatchObject({
      milligrams: 233_250n,
      day: day + 1,
      subjectKey: subjectKeyOf(bob),
    });
  });

  it("that name nobody are keyed by their provider's own id, and no key is asked for", async () => {
    const asked: SubjectIdentifier[] = [];
    const nobody = rowOf(1, {}, { subject: null });
    const { keyed } = await quantified([nobody, rowOf(2)], { asked });
    expect(asked).toEqual([anna]);
    expect(keyed.map(({ reduction }) => reduction.subjectKey)).toEqual([null, subjectKeyOf(anna)]);
    expect(keyed[0]?.reduction.activityKey).toEqual(activityKeyOf(subjectlessMessage(nobody.record)));
  });

  it("come out refused in the order of the file, each part of an act with the act's reason", async () => {
    const early: RowOutcome = {
      kind: "rejected",
      row: 1,
      field: "quantity",
      code: "number.malformed" as never,
      sentence: "No number.",
      raw: "raw 1",
      rowId: "r-1",
    };
    const parts = [{ row: 2, raw: "raw 2", rowId: "tap-2" }];
    const { keyed, refused } = await quantified([
      early,
      rowOf(3, { scenario: "metro" }, { parts }),
      rowOf(4),
      rowOf(5, { startedAt: at("2031-01-01T00:00:00Z") }),
    ]);
    expect(keyed.map(({ row }) => row)).toEqual([4]);
    const none = {
      field: "scenario",
      code: "methodology.none",
      sentence: "No methodology of the region counts this scenario in this unit.",
    };
    expect(refused).toEqual([
      early,
      { row: 2, raw: "raw 2", rowId: "tap-2", ...none },
      { row: 3, raw: "raw 3", rowId: "r-3", ...none },
      expect.objectContaining({ row: 5, code: "methodology.expired", field: "startedAt" }),
    ]);
  });

  it("are asked whether they can be true before what they are worth", async () => {
    // A kilometre a second.
    const endedAt = at("2025-06-01T04:00:20Z");
    const { refused } = await quantified([
      rowOf(1, { quantity: 20_000_000n, endedAt }),
      rowOf(2, { quantity: 1n }),
    ]);
    expect(refused.map(({ code }) => code)).toEqual(["plausibility.too-fast", "reduction.zero"]);
  });

  it("are counted with the caps of their version, and refused where those ask for a subject", async () => {
    const capped = methodology2({
      scenario: "bike",
      unit: "km",
      caps: { ...methodology2().caps, gramsPerSubjectDay: "100" },
    });
    const caps = {
      methodology: "WUHAN TEST-SMALL",
      subjectDay: 100_000n,
      subjectYear: null,
      programmeYear: null,
    };
    const nobody = rowOf(2, {}, { subject: null });
    const { keyed, refused } = await quantified([rowOf(1), nobody], { versions: [capped] });
    expect(keyed.map(({ row, reduction }) => [row, reduction.caps])).toEqual([[1, caps]]);
    expect(refused).toMatchObject([{ row: 2, code: "methodology.subject", field: "subject" }]);
    const programme = methodology2({
      scenario: "bike",
      unit: "km",
      caps: { ...methodology2().caps, gramsPerProgrammeYear: "100" },
    });
    expect((await quantified([nobody], { versions: [programme] })).refused).toEqual([]);
  });

  it("claim the asset that they name, and say of behaviour that it is never minted", async () => {
    const asset = { kind: "vehicle", key: KEY };
    const [act, bare] = (await quantified([rowOf(1, { asset }), rowOf(2)])).keyed;
    expect(act?.reduction.claim).toMatchObject({ asset: KEY, side: "act", classes: ["bike"] });
    expect(bare?.reduction).not.toHaveProperty("claim");
    expect(bare?.reduction).not.toHaveProperty("caps");
    expect(bare?.reduction).not.toHaveProperty("anchored");
    const counted = methodology2({ scenario: "bike", unit: "km", category: "behaviour" });
    const [walk] = (
      await quantified([rowOf(1, { asset }, { notes: ["note.subject-absent"] })], { versions: [counted] })
    ).keyed;
    expect(walk?.notes).toEqual(["note.subject-absent", "note.behaviour"]);
    expect(walk?.reduction).not.toHaveProperty("claim");
  });

  it("of many at once keep their order", async () => {
    const rows = Array.from({ length: 120 }, (_, n) =>
      rowOf(n + 1, n % 7 === 0 ? { scenario: "metro" } : {}, n % 3 === 0 ? { subject: null } : {}),
    );
    const { keyed, refused } = await quantified(rows);
    expect([...keyed, ...refused]).toHaveLength(120);
    for (const some of [keyed, refused])
      expect(some.map(({ row }) => row)).toEqual(some.map(({ row }) => row).toSorted((a, b) => a - b));
    for (const { row, reduction } of keyed)
      expect([row, reduction.subjectKey]).toEqual([row, (row - 1) % 3 === 0 ? null : subjectKeyOf(anna)]);
  });
});

describe("a month of a project", () => {
  // Of a class with bounds for single acts no month could be true.
  const plausibility = new BoundsBook(
    shippedPlausibility().filter(({ scenario }) => scenario !== "ev-charging"),
  );
  const roof = {
    id: "roof-pv" as ProviderId,
    state: "registered",
    region: WUHAN,
    scenario: "ev-charging",
    creditingPeriod: {
      startDay: Date.parse("2025-01-01") / 86_400_000,
      endDay: Date.parse("2025-12-31") / 86_400_000,
    },
    installationKind: "meter",
    installationCount: 2,
    capacity: { value: "1", unit: "kW" },
    excludes: ["bike"],
  } as unknown as Project;
  const versions = [
    methodology(),
    methodology2({ scenario: "ev-charging", category: "project", code: "TEST-PV" }),
  ];
  const month = (row: number, parts: Parameters<typeof record>[0] = {}) =>
    rowOf(
      row,
      {
        provider: roof.id,
        scenario: "ev-charging",
        unit: "kWh",
        startedAt: at("2025-05-31T16:00:00Z"),
        endedAt: at("2025-06-30T16:00:00Z"),
        quantity: 100_000_000n,
        asset: { kind: "meter", key: KEY },
        ...parts,
      },
      { subject: null },
    );

  it("is keyed by its installation and claims what the project excludes", async () => {
    const { keyed, refused } = await quantified([month(1)], { plausibility, versions, projects: [roof] });
    expect(refused).toEqual([]);
    expect(keyed[0]?.reduction).toMatchObject({
      anchored: true,
      claim: {
        side: "project",
        classes: ["bike", "ev-charging"],
        limit: { project: "roof-pv", installations: 2 },
      },
    });
  });

  it("counts under a project that stands alone", async () => {
    expect((await quantified([month(1)], { plausibility, versions })).refused).toMatchObject([
      { code: "project.unknown", field: "provider" },
    ]);
    const projects = [{ ...roof, state: "proposed" }] as never;
    expect((await quantified([month(1)], { plausibility, versions, projects })).refused).toHaveLength(1);
  });

  it("leaves no act of a class that its project excludes to the same provider", async () => {
    const ride = rowOf(1, { provider: roof.id });
    expect((await quantified([ride], { plausibility, versions, projects: [roof] })).refused).toMatchObject([
      { code: "project.excluded-class", field: "scenario" },
    ]);
    expect(
      (await quantified([ride, rowOf(2)], { plausibility, versions, projects: [{ ...roof, excludes: [] }] }))
        .keyed,
    ).toHaveLength(2);
    // Behaviour is never minted, so it counts beside the project.
    const behaviour = methodology2({ scenario: "bike", unit: "km", category: "behaviour" });
    expect((await quantified([ride], { versions: [behaviour], projects: [roof] })).keyed).toHaveLength(1);
  });
});
