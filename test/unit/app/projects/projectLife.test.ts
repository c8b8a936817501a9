/** A project from its proposal to its end, beside a chain of which only the registrar is asked for. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Context } from "../../../../src/app/context.ts";
import { describeProjects, describeWholeProject } from "../../../../src/app/projects/describeProject.ts";
import { knownProject } from "../../../../src/app/projects/knownProject.ts";
import { proposeProject } from "../../../../src/app/projects/proposeProject.ts";
import { takeProjectStep, type AskedStep } from "../../../../src/app/projects/takeProjectStep.ts";
import { utf8 } from "../../../../src/base/lib/bytes.ts";
import { regionCode, tenantId } from "../../../../src/base/lib/ids.ts";
import type { UnixSeconds } from "../../../../src/base/types/quantities.ts";
import { projectFile } from "../../../integration/projects/support/projectCity.ts";
import { newPlace, type Place } from "../../../e2e/support/newPlace.ts";

const DAY = 86_400;
/** 2025-12-01T00:00:00Z */
const START = 1_764_547_200;
const REGISTRAR = `0x${"0b".repeat(20)}` as const;
const HASH = (digit: string) => `0x${digit.repeat(64)}` as const;
const TERMS = {
  region: "WUHAN",
  place: "WUHAN",
  scenario: "electricity-saving",
  creditingPeriod: { firstDay: "2026-01-01", lastDay: "2026-12-31" },
  installations: { kind: "meter", count: 12 },
  excludes: [],
};
const fileOf = (id: string, more: object = {}) => ({
  name: "project.json",
  bytes: utf8(JSON.stringify(projectFile(id, { ...TERMS, ...more }))),
});

let place: Place;
let context: Context;
let now = START;
beforeAll(async () => {
  place = await newPlace(null);
  context = await place.open({ now: () => now as UnixSeconds });
});
afterAll(async () => {
  await context.close();
  await place.remove();
});
const registrar = { signer: { address: REGISTRAR }, regions: [regionCode("WUHAN")] };
const under = (who: unknown = registrar, rehearsal = false): Context =>
  ({
    ...context,
    config: { ...context.config, rehearsal },
    chain: () => Promise.resolve({ registrar: who }),
  }) as Context;
const step = (id: string, asked: AskedStep, as: Context = under()) => takeProjectStep(as, id, asked);
const period = (from: string, to: string, digit: string) => ({ from, to, documentHash: HASH(digit) });
const describedAs = async (id: string) => (await describeProjects(context)).find((one) => one.id === id);

describe("a project", () => {
  it("is proposed from its file once, by the operator", async () => {
    const proposed = await proposeProject(context, fileOf("roof-pv"));
    expect(await proposeProject(context, fileOf("roof-pv"))).toEqual(proposed);
    expect(await describeProjects(context)).toEqual([
      {
        id: "roof-pv",
        name: "Project roof-pv",
        region: "WUHAN",
        scenario: "electricity-saving",
        state: "proposed",
        registration: null,
        firstDay: "2026-01-01",
        lastDay: "2026-12-31",
        place: "WUHAN",
        excludes: [],
        proposedBy: proposed.proposedBy,
        noticeUntil: null,
        objections: 0,
        capacity: "0.8 MW",
        monitored: [],
        verified: [],
        rehearsal: false,
      },
    ]);
    expect(await describeProjects({ db: context.db, tenant: tenantId("stranger") })).toEqual([]);
    await expect(knownProject(context, "other")).rejects.toMatchObject({
      code: "project.unknown",
      message: "There is no project other here.",
      remedy: { act: "list-projects" },
    });
  });

  it("is refused where its file's classes and assets don't fit, with the file's name", async () => {
    await expect(proposeProject(context, fileOf("x1", { scenario: "airship" }))).rejects.toMatchObject({
      code: "scenario.unknown",
      message: expect.stringMatching(/^project\.json: /) as unknown,
    });
    await expect(
      proposeProject(context, fileOf("x1", { installations: { kind: "vehicle", count: 1 } })),
    ).rejects.toMatchObject({
      code: "project.asset-kind",
      message: expect.stringMatching(
        /^project\.json: "installations\.kind" is vehicle, and records of .+ name [a-z, -]+\. Write .+\.$/,
      ) as unknown,
    });
    await expect(proposeProject(context, fileOf("x1", { excludes: ["metro"] }))).rejects.toMatchObject({
      code: "project.asset-kind",
      message: expect.stringMatching(
        /records of metro name .*\. Write one of these, or leave the class out of "excludes"\.$/,
      ) as unknown,
    });
    await expect(proposeProject(context, { name: "project.json", bytes: utf8("{}") })).rejects.toMatchObject({
      code: "project.schema",
    });
    expect((await describeProjects(context)).map(({ id }) => id)).toEqual(["roof-pv"]);
  });

  it("needs the registrar of its region, with a reason of at most two thousand characters", async () => {
    const notice = { what: "notice" } as const;
    await expect(step("roof-pv", notice, under(null))).rejects.toMatchObject({
      code: "project.no-registrar",
    });
    const other = { ...registrar, regions: [regionCode("YICHANG")] };
    await expect(step("roof-pv", notice, under(other))).rejects.toMatchObject({
      code: "project.other-registrar",
    });
    expect((await step("roof-pv", notice)).state).toBe("noticed");
    expect(await describedAs("roof-pv")).toMatchObject({ noticeUntil: "2025-12-15T00:00:00Z" });
    const object = (why: string) => step("roof-pv", { what: "object", why });
    for (const why of ["", " \n", "x".repeat(2001)])
      await expect(object(why)).rejects.toMatchObject({
        code: "project.why",
        message: expect.stringMatching(/^Say it in 1 to 2000 characters, without a person's name/) as unknown,
      });
    await object(" e\u0301ach roof is counted twice ");
    await object("x".repeat(2000));
    expect(await describedAs("roof-pv")).toMatchObject({ objections: 2 });
    const [, , objection] = (await describeWholeProject(context, "roof-pv")).decisions;
    expect(objection).toMatchObject({ what: "object", said: { why: "\u00e9ach roof is counted twice" } });
  });

  it("is registered when its notice is over, with an answer where there were objections", async () => {
    const register = (why: string | null, as = under()) =>
      step("roof-pv", { what: "register", registration: "CN-1", why }, as);
    now = START + 14 * DAY - 1;
    await expect(register("Answered.")).rejects.toMatchObject({ code: "project.notice-runs" });
    now++;
    await expect(register(null)).rejects.toMatchObject({ code: "project.objections" });
    await expect(register(" ")).rejects.toMatchObject({ code: "project.why" });
    // A rehearsal registers before the end alone.
    expect((await register(" Answered. ", under(registrar, true))).state).toBe("registered");
    expect(await describedAs("roof-pv")).toMatchObject({ registration: "CN-1", rehearsal: false });
    const { decisions } = await describeWholeProject(context, "roof-pv");
    expect(decisions.at(-1)?.said).toEqual({ registration: "CN-1", why: "Answered." });
  });

  it("is monitored by the operator and verified by the registrar, period by period", async () => {
    const months = [
      ["2026-01-01", "2026-03-31", "a"],
      ["2026-04-01", "2026-06-30", "b"],
    ] as const;
    for (const [from, to, digit] of months)
      await step("roof-pv", { what: "monitor", ...period(from, to, digit) }, context);
    await step("roof-pv", { what: "verify", ...period("2026-04-01", "2026-06-30", "c") });
    expect(await describedAs("roof-pv")).toMatchObject({
      state: "verified",
      monitored: months.map(([firstDay, lastDay, digit]) => ({
        firstDay,
        lastDay,
        documentHash: HASH(digit),
      })),
      verified: [{ firstDay: "2026-04-01", lastDay: "2026-06-30", documentHash: HASH("c") }],
    });
    for (const [from, to] of [
      ["2026-02-30", "2026-03-31"],
      ["2026-02-01", "x".repeat(30)],
    ] as const)
      await expect(
        step("roof-pv", { what: "monitor", ...period(from, to, "d") }, context),
      ).rejects.toMatchObject({
        code: "project.day",
        message: `"${from === "2026-02-30" ? from : "x".repeat(20)}" is no calendar day YYYY-MM-DD.`,
      });
  });

  it("expires behind its last day, as it is where the project stands, or for a reason", async () => {
    const expire = (why: string | null) => step("roof-pv", { what: "expire", why });
    // The last second of 2026 in Wuhan, eight hours ahead of UTC.
    now = Date.UTC(2026, 11, 31, 15, 59, 59) / 1000;
    await expect(expire(null)).rejects.toMatchObject({ code: "project.not-over" });
    await expect(expire(" ")).rejects.toMatchObject({ code: "project.why" });
    now++;
    expect((await expire(null)).state).toBe("expired");
    const { decisions, content, lastDecisionHash } = await describeWholeProject(context, "roof-pv");
    expect(decisions.map(({ what, before, after }) => [what, before, after])).toEqual([
      ["propose", null, "proposed"],
      ["notice", "proposed", "noticed"],
      ["object", "noticed", "noticed"],
      ["object", "noticed", "noticed"],
      ["register", "noticed", "registered"],
      ["monitor", "registered", "monitored"],
      ["monitor", "monitored", "monitored"],
      ["verify", "monitored", "verified"],
      ["expire", "verified", "expired"],
    ]);
    expect(decisions.map(({ sequence }) => sequence)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(decisions[0]).toMatchObject({ at: "2025-12-01T00:00:00Z" });
    expect(decisions[8]).toMatchObject({ by: REGISTRAR, said: { why: null }, at: "2026-12-31T16:00:00Z" });
    expect(lastDecisionHash).toBe(decisions[8]?.hash);
    expect(content).toMatchObject({ id: "roof-pv", noticeDays: 14 });
  });
});

describe("another project", () => {
  it("is rehearsed while its notice runs, which it is told by", async () => {
    now = START;
    await proposeProject(context, fileOf("barn-pv"));
    await step("barn-pv", { what: "notice" });
    const register = { what: "register", registration: "CN-2", why: null } as const;
    await expect(step("barn-pv", register)).rejects.toMatchObject({ code: "project.notice-runs" });
    now = START + 14 * DAY - 1;
    await step("barn-pv", register, under(registrar, true));
    expect(await describedAs("barn-pv")).toMatchObject({ state: "registered", rehearsal: true });
    const { decisions } = await describeWholeProject(context, "barn-pv");
    expect(
      decisions.map(({ what }) => what),
      "its own decisions alone",
    ).toEqual(["propose", "notice", "register"]);
    expect(await step("barn-pv", { what: "expire", why: "Sold." })).toMatchObject({ state: "expired" });
  });

  it("is retracted by its operator and proposed anew", async () => {
    await proposeProject(context, fileOf("shed-pv"));
    expect((await step("shed-pv", { what: "retract" }, context)).state).toBe("retracted");
    expect((await proposeProject(context, fileOf("shed-pv", { noticeDays: 30 }))).state).toBe("proposed");
    expect((await describeProjects(context)).map(({ id }) => id)).toEqual(["barn-pv", "roof-pv", "shed-pv"]);
  });
});
