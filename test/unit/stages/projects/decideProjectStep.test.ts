import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { providerId, regionCode } from "../../../../src/base/lib/ids.ts";
import { SECONDS_PER_DAY } from "../../../../src/base/lib/time/units.ts";
import type { Address, BatchId, RegionCode } from "../../../../src/base/types/ids.ts";
import type { Day, UnixSeconds } from "../../../../src/base/types/quantities.ts";
import { decideProjectStep } from "../../../../src/stages/projects/decideProjectStep.ts";
import { projectSaid } from "../../../../src/stages/projects/projectSaid.ts";
import {
  PROJECT_STATES,
  type DayRange,
  type ProjectContent,
  type ProjectEvent,
  type ProjectStanding,
  type ProjectState,
} from "../../../../src/stages/projects/ports.ts";
import { refusedFor } from "../../../support/refusedFor.ts";

const OPERATOR: Address = `0x${"0a".repeat(20)}`;
const LOUD: Address = `0x${"0A".repeat(20)}`;
const REGISTRAR: Address = `0x${"0b".repeat(20)}`;
const CITY: readonly RegionCode[] = [regionCode("CITY")];
const OTHER_HASH = `0x${"22".repeat(32)}` as const;
const HASH = `0x${"11".repeat(32)}` as const;
const NOTICE_DAYS = 10;
const PROJECT: ProjectContent = {
  id: providerId("roof-pv"),
  name: "Roofs",
  region: regionCode("CITY"),
  scenario: "pv-generation",
  creditingPeriod: { startDay: 100 as Day, endDay: 200 as Day },
  place: regionCode("CITY"),
  capacity: { value: "0.8", unit: "MW" },
  installationCount: 2,
  baselineHash: HASH,
  ownerHash: HASH,
  installationKind: "meter",
  excludes: [],
  noticeDays: NOTICE_DAYS,
  json: "{}",
};
const at = (days: number): UnixSeconds => (days * SECONDS_PER_DAY) as UnixSeconds;
const standingIn = (state: ProjectState, more: Partial<ProjectStanding> = {}): ProjectStanding => ({
  json: PROJECT.json,
  state,
  proposedBy: OPERATOR,
  noticedAt: state === "proposed" ? null : at(1),
  objections: 0,
  registration: state === "proposed" || state === "noticed" ? null : "NC-1",
  decisions: [],
  ...more,
});
const report = (startDay = 100, endDay = 130) => ({
  startDay: startDay as Day,
  endDay: endDay as Day,
  documentHash: HASH,
});
const EVENTS = {
  propose: { what: "propose", by: OPERATOR, at: at(0) },
  retract: { what: "retract", by: OPERATOR, at: at(0), content: HASH },
  notice: { what: "notice", by: REGISTRAR, at: at(1), regions: CITY },
  object: { what: "object", by: REGISTRAR, at: at(2), regions: CITY, why: "no" },
  register: { what: "register", by: REGISTRAR, at: at(11), regions: CITY, registration: "NC-1", why: null },
  monitor: { what: "monitor", by: OPERATOR, at: at(131), report: report() },
  verify: { what: "verify", by: REGISTRAR, at: at(132), regions: CITY, report: report() },
  issue: { what: "issue", by: OPERATOR, at: at(133), batchId: HASH as BatchId },
  expire: { what: "expire", by: REGISTRAR, at: at(201), regions: CITY, today: 201 as Day, why: null },
} as const satisfies Record<ProjectEvent["what"], ProjectEvent>;
/** After these steps, whatever state they led to. */
const having = (...events: readonly ProjectEvent[]): Pick<ProjectStanding, "decisions"> => ({
  decisions: events.map((event) => ({ what: event.what, said: projectSaid(event) })),
});
const MONITORED = having(EVENTS.monitor);
const step = (event: ProjectEvent, standing: ProjectStanding | null) => () =>
  decideProjectStep(PROJECT, standing, event);
const refused = (code: string): unknown => refusedFor(`project.${code}`);

describe("a project", () => {
  it("is proposed, noticed, registered, monitored, verified, issued, and again until it expires", () => {
    expect(step(EVENTS.propose, null)()).toEqual({ before: null, after: "proposed", written: true });
    const life = [
      ["notice", "proposed", "noticed"],
      ["object", "noticed", "noticed"],
      ["register", "noticed", "registered"],
      ["monitor", "registered", "monitored"],
      ["monitor", "monitored", "monitored"],
      ["verify", "monitored", "verified"],
      ["monitor", "verified", "monitored"],
      ["verify", "verified", "verified"],
      ["verify", "issued", "verified"],
      ["issue", "verified", "issued"],
      ["monitor", "issued", "monitored"],
      ["expire", "issued", "expired"],
    ] as const;
    for (const [what, before, after] of life)
      expect(step(EVENTS[what], standingIn(before, what === "verify" ? MONITORED : {}))()).toEqual({
        before,
        after,
        written: true,
      });
  });

  it("changes nothing where a step is taken again, and never its content", () => {
    for (const state of ["proposed", "issued", "expired"] as const)
      expect(step(EVENTS.propose, standingIn(state))()).toEqual({
        before: state,
        after: state,
        written: false,
      });
    expect(step(EVENTS.propose, standingIn("proposed", { json: '{"x":1}' }))).toThrow(refused("id-taken"));
    for (const event of Object.values(EVENTS).filter(({ what }) => what !== "propose"))
      for (const state of PROJECT_STATES)
        expect(step({ ...event, at: at(999) }, standingIn(state, having(event)))()).toEqual({
          before: state,
          after: state,
          written: false,
        });
    // Another batch of a project that is issued already.
    expect(step(EVENTS.issue, standingIn("issued"))().written).toBe(false);
    expect(
      step({ ...EVENTS.expire, today: 202 as Day }, standingIn("expired", having(EVENTS.expire)))(),
    ).toEqual({ before: "expired", after: "expired", written: false });
    expect(step(EVENTS.notice, null)).toThrow(refused("unknown"));
  });

  it("takes a step that says something else as another one", () => {
    const registered = standingIn("registered", having(EVENTS.register));
    expect(step({ ...EVENTS.register, registration: "NC-2" }, registered)).toThrow(refused("state"));
    expect(step({ ...EVENTS.register, why: "answered" }, registered)).toThrow(refused("state"));
    const objected = standingIn("noticed", having(EVENTS.object));
    expect(step({ ...EVENTS.object, why: "no, never" }, objected)().written).toBe(true);
    const document = { ...report(), documentHash: OTHER_HASH };
    expect(step({ ...EVENTS.monitor, report: document }, standingIn("monitored", MONITORED))().written).toBe(
      true,
    );
    const verified = standingIn("verified", having(EVENTS.monitor, EVENTS.verify));
    expect(step({ ...EVENTS.verify, report: document }, verified)).toThrow(refused("verified"));
  });

  it("is verified for a period that was monitored, whatever document says so, and each period once", () => {
    const monitored = standingIn("monitored", MONITORED);
    for (const [from, to] of [
      [100, 129],
      [101, 130],
      [100, 131],
    ] as const)
      expect(step({ ...EVENTS.verify, report: report(from, to) }, monitored)).toThrow(
        refused("not-monitored"),
      );
    const document = { ...report(), documentHash: OTHER_HASH };
    expect(step({ ...EVENTS.verify, report: document }, monitored)().after).toBe("verified");
    // Two periods that were monitored before the first was verified.
    const next = { ...EVENTS.monitor, report: report(131, 160) };
    const first = standingIn("issued", having(EVENTS.monitor, next, EVENTS.verify, EVENTS.issue));
    expect(step({ ...EVENTS.verify, report: next.report }, first)().after).toBe("verified");
  });

  it.each(["notice", "object", "register", "verify", "expire"] as const)(
    "takes the step %s from the region's registrar alone, however the operator writes its address",
    (what) => {
      const states = {
        notice: "proposed",
        object: "noticed",
        register: "noticed",
        verify: "monitored",
        expire: "issued",
      } as const;
      const standing = standingIn(states[what], MONITORED);
      for (const by of [OPERATOR, LOUD])
        expect(step({ ...EVENTS[what], by }, standing)).toThrow(refused("same-key"));
      expect(step({ ...EVENTS[what], regions: [regionCode("WUHAN")] }, standing)).toThrow(
        refused("other-registrar"),
      );
      expect(step({ ...EVENTS[what], regions: null }, standing)().written).toBe(true);
    },
  );

  it("is retracted by its operator before the notice, and then proposed anew with other content", () => {
    expect(step(EVENTS.retract, standingIn("proposed"))().after).toBe("retracted");
    expect(step({ ...EVENTS.retract, by: REGISTRAR }, standingIn("proposed"))).toThrow(refused("other-key"));
    for (const state of PROJECT_STATES.filter((one) => one !== "proposed"))
      expect(step(EVENTS.retract, standingIn(state))).toThrow(refused("state"));
    const other = { json: '{"x":1}' };
    expect(step(EVENTS.propose, standingIn("retracted", other))()).toEqual({
      before: "retracted",
      after: "proposed",
      written: true,
    });
    // What was taken back once may be taken back again, of the new proposal.
    const anew = standingIn("proposed", having(EVENTS.propose, EVENTS.retract, EVENTS.propose));
    expect(step(EVENTS.retract, anew)()).toEqual({ before: "proposed", after: "retracted", written: true });
    expect(step(EVENTS.notice, standingIn("retracted"))).toThrow(refused("state"));
  });

  it("is registered while its notice runs where that is a rehearsal, and says so", () => {
    const early = { ...EVENTS.register, at: at(2) };
    expect(step(early, standingIn("noticed"))).toThrow(refused("notice-runs"));
    const rehearsed = { ...early, rehearsal: true } as const;
    expect(step(rehearsed, standingIn("noticed"))().after).toBe("registered");
    expect(JSON.parse(projectSaid(rehearsed))).toMatchObject({ rehearsal: true });
    expect(JSON.parse(projectSaid(early))).not.toHaveProperty("rehearsal");
  });

  it("is monitored by its operator alone", () => {
    expect(step({ ...EVENTS.monitor, by: REGISTRAR }, standingIn("registered"))).toThrow(
      refused("other-key"),
    );
    expect(step({ ...EVENTS.monitor, by: LOUD }, standingIn("registered"))().after).toBe("monitored");
  });

  it("takes objections to the last second of the counted days, and is registered from then on", () => {
    const end = at(1 + NOTICE_DAYS);
    const before = (end - 1) as UnixSeconds;
    const noticed = standingIn("noticed");
    expect(step({ ...EVENTS.object, at: before }, noticed)().written).toBe(true);
    expect(step({ ...EVENTS.object, at: end }, noticed)).toThrow(refused("notice-over"));
    expect(step({ ...EVENTS.register, at: before }, noticed)).toThrow(refused("notice-runs"));
    expect(step({ ...EVENTS.register, at: end }, noticed)().after).toBe("registered");
    const objected = standingIn("noticed", { objections: 1 });
    expect(step(EVENTS.register, objected)).toThrow(refused("objections"));
    expect(step({ ...EVENTS.register, why: "answered" }, objected)().after).toBe("registered");
    for (const registration of ["", " ", "x".repeat(101)])
      expect(step({ ...EVENTS.register, registration }, noticed)).toThrow(refused("registration"));
  });

  it("has its periods within the crediting period, and ends before it with a reason alone", () => {
    for (const [from, to] of [
      [99, 130],
      [100, 201],
      [130, 129],
    ] as const)
      for (const [what, state] of [
        ["monitor", "registered"],
        ["verify", "monitored"],
      ] as const)
        expect(step({ ...EVENTS[what], report: report(from, to) }, standingIn(state))).toThrow(
          refused("period"),
        );
    const early = { ...EVENTS.expire, today: 200 as Day };
    expect(step(early, standingIn("registered"))).toThrow(refused("not-over"));
    expect(step({ ...early, why: "sold" }, standingIn("registered"))().after).toBe("expired");
  });

  it("goes after any history where a model goes, and no step is ever taken twice or skipped", () => {
    const EDGES: Readonly<Record<string, ProjectState>> = {
      "proposed notice": "noticed",
      "noticed object": "noticed",
      "noticed register": "registered",
      "registered monitor": "monitored",
      "monitored monitor": "monitored",
      "verified monitor": "monitored",
      "issued monitor": "monitored",
      "monitored verify": "verified",
      "verified verify": "verified",
      "issued verify": "verified",
      "verified issue": "issued",
      "registered expire": "expired",
      "monitored expire": "expired",
      "verified expire": "expired",
      "proposed retract": "retracted",
      "retracted propose": "proposed",
      "issued expire": "expired",
    };
    const second = report(131, 160);
    const events = [
      ...Object.values(EVENTS),
      { ...EVENTS.monitor, report: second },
      { ...EVENTS.verify, report: second },
      { ...EVENTS.issue, batchId: OTHER_HASH as BatchId },
    ].flatMap((event) => [OPERATOR, REGISTRAR].map((by) => ({ ...event, by })));
    const isAllowed = ({ what, by }: ProjectEvent): boolean =>
      what === "propose" || what === "issue"
        ? true
        : (what === "monitor" || what === "retract") === (by === OPERATOR);
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...events), { maxLength: 40 }), (history) => {
        let standing: ProjectStanding | null = null;
        const taken: ProjectEvent[] = [];
        const reported = (what: "monitor" | "verify", { startDay }: DayRange): boolean =>
          taken.some((one) => one.what === what && "report" in one && one.report.startDay === startDay);
        for (const given of history) {
          const event = given.what === "register" ? { ...given, why: "answered" } : given;
          const proposedAt = taken.findLastIndex(({ what }) => what === "propose");
          const isNew =
            event.what === "propose" ||
            !taken
              .slice(proposedAt)
              .some((one) => one.what === event.what && projectSaid(one) === projectSaid(event));
          const isReported =
            event.what !== "verify" ||
            (reported("monitor", event.report) && !reported("verify", event.report));
          const expected: ProjectState | undefined =
            standing === null
              ? event.what === "propose"
                ? "proposed"
                : undefined
              : isAllowed(event) && isNew && isReported
                ? EDGES[`${standing.state} ${event.what}`]
                : undefined;
          let after: ProjectState | null = null;
          let written = false;
          try {
            ({ after, written } = decideProjectStep(PROJECT, standing, event));
          } catch (error) {
            expect((error as { code: string }).code).toMatch(/^project\./);
          }
          expect(written ? after : undefined).toBe(expected);
          if (!written && after !== null) expect(after).toBe(standing?.state);
          if (!written || after === null) continue;
          taken.push(event);
          standing = standingIn(after, {
            objections: (standing?.objections ?? 0) + (event.what === "object" ? 1 : 0),
            noticedAt: after === "proposed" || after === "retracted" ? null : at(1),
            ...having(...taken),
          });
        }
      }),
      { numRuns: 2000 },
    );
  });
});
