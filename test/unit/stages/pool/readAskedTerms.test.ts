import { describe, expect, it } from "vitest";
import { parseDay } from "../../../../src/base/lib/time/calendar.ts";
import { regionCode } from "../../../../src/base/lib/ids.ts";
import type { Day } from "../../../../src/base/types/quantities.ts";
import { parseVerification, verificationHash } from "../../../../src/format/batch/verificationStatement.ts";
import { readAskedTerms, type AskedClosing } from "../../../../src/stages/pool/readAskedTerms.ts";
import { refusedFor } from "../../../support/refusedFor.ts";

const HASH = `0x${"ab".repeat(32)}` as const;
/** Of the vintage 2025, on some day. */
const closedOn = (day: string, more: Partial<AskedClosing> = {}): AskedClosing => ({
  operator: `0x${"11".repeat(20)}`,
  region: regionCode("WUHAN"),
  vintage: 2025,
  category: "act",
  day: parseDay(day) as Day,
  ...more,
});

describe("the last day of use that a closing asks for", () => {
  it.each([
    ["the vintage's last day, while it lasts", "2025-12-31", "2025-07-01"],
    ["the day of closing", "2026-03-05", "2026-03-05"],
    ["a later one", "2026-03-06", "2026-03-05"],
    ["the last of the year 9999", "9999-12-31", "2026-03-05"],
  ])("may be %s", (_, useBy, day) => {
    expect(readAskedTerms({ useBy }, closedOn(day))).toEqual({ useBy: parseDay(useBy) });
  });

  it.each([
    ["before the vintage's last day", "2025-12-30", "2025-07-01", "2025-12-31"],
    ["before the day of closing", "2026-03-04", "2026-03-05", "2026-03-05"],
  ])("is refused %s, and the first that may be is named", (_, useBy, day, earliest) => {
    expect(() => readAskedTerms({ useBy }, closedOn(day))).toThrowError(
      expect.objectContaining({
        code: "close.use-by",
        message: expect.stringContaining(`Give ${earliest} or a later one`) as string,
      }),
    );
  });

  it("is refused where it is no day of the calendar", () => {
    expect(() => readAskedTerms({ useBy: "2026-02-30" }, closedOn("2026-01-01"))).toThrowError(
      refusedFor("close.terms"),
    );
  });
});

describe("what a closing asks for in vain", () => {
  const asked =
    (terms: object, more: Partial<AskedClosing> = {}) =>
    () =>
      readAskedTerms(terms, closedOn("2026-03-05", more));
  const VERIFICATION = {
    schema: "microtonne-verification/1",
    body: "Verifier",
    date: "2026-03-05",
    operator: `0x${"11".repeat(20)}`,
    region: "WUHAN",
    vintage: 2025,
    category: "act",
    level: "limited",
    opinion: "qualified",
    documentHash: HASH,
  };

  it.each<[string, object, Partial<AskedClosing>, string]>([
    [
      "close.use-by",
      { useBy: "2026-03-04" },
      {},
      "A batch of vintage 2025 that is closed on 2026-03-05 can't be used by 2026-03-04: the last day on " +
        "which it may be retired lies neither before the vintage's last day nor before its closing. Give " +
        "2026-03-05 or a later one, at most of the year 9999.",
    ],
    [
      "close.title-kind",
      { title: { kind: "programme", documentHash: HASH } },
      { category: "project" },
      "The title of a batch of projects is their owners' document, which each project names. Leave the " +
        "title out.",
    ],
    [
      "close.title-kind",
      { title: { kind: "project-owner", documentHash: HASH } },
      {},
      "A batch of acts is not pooled by a title of kind project-owner. Give consent-scope or programme.",
    ],
    ...(["leaves", "tiles"] as const).map((files): [string, object, object, string] => [
      "close.audience",
      { audience: { leaves: "public", tiles: "public", [files]: "participants" } },
      {},
      `The audience participants of ${files} can't be kept yet: an archive is written whole, and whoever ` +
        "gets it gets all files of it. Give public, or leave the audience out.",
    ]),
    [
      "close.verification",
      { verification: { ...VERIFICATION, vintage: 2024 } },
      {},
      "The statement of Verifier is of vintage 2024, the batch of 2025. Nothing was closed. Give the " +
        "body's statement of this region, vintage and category.",
    ],
    [
      "close.terms",
      { useBy: "1" },
      {},
      "The closing's request breaks its schema at useBy: must be a calendar",
    ],
    ["close.terms", { more: 1 }, {}, "The closing's request breaks its schema at its top: "],
    [
      "close.terms",
      { campaign: { id: "S", documentHash: HASH } },
      {},
      "breaks its schema at campaign.id: must",
    ],
    ["close.terms", { title: { kind: "gift", documentHash: HASH } }, {}, "breaks its schema at title.kind: "],
    ["close.terms", { audience: { leaves: "public" } }, {}, "breaks its schema at audience.tiles: "],
  ])("is refused by %s for %o", (code, terms, more, message) => {
    expect(asked(terms, more)).toThrowError(refusedFor(code));
    expect(asked(terms, more)).toThrowError(message);
  });

  it("but not a verification body's statement of this batch, which is named by its hash", () => {
    const said = asked({ verification: VERIFICATION })().verification;
    expect(said).toEqual({
      statementHash: verificationHash(parseVerification(VERIFICATION)),
      level: "limited",
      opinion: "qualified",
    });
    expect(asked({ title: { kind: "programme", documentHash: HASH } })()).toEqual({
      title: { kind: "programme", documentHash: HASH },
    });
  });
});

describe("what a closing is asked to say", () => {
  it("has none of what nobody asks for", () => {
    expect(readAskedTerms({}, closedOn("2026-01-01"))).toEqual({});
    const campaign = { id: "spring", documentHash: HASH };
    expect(readAskedTerms({ campaign }, closedOn("2026-01-01"))).toEqual({ campaign });
  });

  it.each([
    ["act", "project-owner"],
    ["project", "programme"],
  ] as const)("gives a batch of category %s no title of kind %s", (category, kind) => {
    const asked = { title: { kind, documentHash: HASH } };
    expect(() => readAskedTerms(asked, closedOn("2026-01-01", { category }))).toThrowError(
      refusedFor("close.title-kind"),
    );
  });

  it("promises no audience that an archive can't keep", () => {
    const to = (leaves: "public" | "participants", tiles: "public" | "participants") =>
      readAskedTerms({ audience: { leaves, tiles } }, closedOn("2026-01-01"));
    expect(to("public", "public")).toEqual({ audience: { leaves: "public", tiles: "public" } });
    for (const [leaves, tiles] of [
      ["participants", "public"],
      ["public", "participants"],
    ] as const)
      expect(() => to(leaves, tiles)).toThrowError(refusedFor("close.audience"));
  });
});
