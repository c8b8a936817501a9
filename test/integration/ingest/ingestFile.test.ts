import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Context } from "../../../src/app/context.ts";
import { dayRulesOf } from "../../../src/app/ingest/dayRulesOf.ts";
import { describeRecord } from "../../../src/app/ingest/describeRecord.ts";
import { ingestFile, type IngestRequest } from "../../../src/app/ingest/ingestFile.ts";
import { ingestSource, type IngestSourceRequest } from "../../../src/app/ingest/ingestSource.ts";
import { bytesSource } from "../../../src/app/sources/bytesSource.ts";
import { regionCode } from "../../../src/base/lib/ids.ts";
import { utf8 } from "../../../src/base/lib/bytes.ts";
import { withProvider, withRegion } from "../../../src/stages/ingest/profile/profile.ts";
import { shippedProfile } from "../../../src/stages/ingest/profile/shippedProfiles.ts";
import type { Profile } from "../../../src/stages/ingest/schema/profileSchema.ts";
import { newPlace, type Place } from "../../e2e/support/newPlace.ts";

let run = 0;
/** A ride of somebody whom no other test knows. */
const row = (id: string, parts: object = {}) =>
  `${JSON.stringify({
    recordId: id,
    subject: `rider ${String(run)} ${id}`,
    scenario: "metro",
    startedAt: "2025-06-01T08:00:00+08:00",
    endedAt: null,
    quantity: "10",
    unit: "passenger-km",
    ...parts,
  })}\n`;
const UNCOUNTED = { scenario: "carpool" };

const noLookup = (): never => {
  throw new Error("The profile has no lookup file.");
};

describe("a provider's file", () => {
  let place: Place;
  let context: Context;
  let folder: string;
  let profile: Profile;
  beforeAll(async () => {
    place = await newPlace(null);
    context = await place.open();
  });
  // Each test is a provider of its own.
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "microtonne-ingest-"));
    profile = withProvider(shippedProfile("canonical-ndjson"), `gates-${String(++run)}`);
    return () => rmSync(folder, { recursive: true, force: true });
  });
  afterAll(async () => {
    await context.close();
    await place.remove();
  });

  const ingest = (text: string, more: Partial<IngestRequest> = {}) => {
    writeFileSync(join(folder, "rides.ndjson"), text);
    return ingestFile(context, {
      file: join(folder, "rides.ndjson"),
      profile,
      rejectsFile: join(folder, "rejects.csv"),
      duplicatesFile: join(folder, "duplicates.csv"),
      lookupFolder: null,
      ...more,
    });
  };
  const ingestsOf = (name: string) =>
    context.db.query<{ finished: boolean }>(
      "SELECT finished FROM ingests WHERE source_name = $1 ORDER BY ingest",
      [name],
    );
  /** Rows by two in a transaction; with a name of its own the ingest is told from others. */
  const inPieces = (name: string, text: string, onAdmitted?: IngestSourceRequest["onAdmitted"]) =>
    ingestSource(context, {
      source: bytesSource(utf8(text)),
      name,
      profile,
      chunkRows: 2,
      openLookup: noLookup,
      ...(onAdmitted && { onAdmitted }),
    });

  it("is told of by reasons, by regions and years that count, and by files that do not", async () => {
    const reasons = new Map<string, string>();
    const accepted: unknown[] = [];
    const progress: unknown[] = [];
    const text = [
      row("a"),
      row("a"),
      row("b", UNCOUNTED),
      row("c", { startedAt: "2025-12-31T23:59:00+08:00" }),
      row("d", { startedAt: "2026-01-01T00:00:00+08:00" }),
    ].join("");
    const report = await ingest(text, {
      onReason: (code, sentence) => void reasons.set(code, sentence),
      onAccepted: (region, year) => void accepted.push([region, year]),
      onProgress: (done, total) => void progress.push([done, total]),
    });
    expect(report).toMatchObject({ read: 5, duplicates: 1, reasons: { "duplicate.record-id": 1 } });
    expect(accepted.slice(0, 2)).toEqual([
      ["WUHAN", 2025],
      ["WUHAN", 2025],
    ]);
    expect(accepted).toHaveLength(report.accepted);
    expect(Object.fromEntries(reasons)).toMatchObject({
      "duplicate.record-id": "The provider's record with this id is here already.",
      "methodology.none": "No methodology of the region counts this scenario in this unit.",
    });
    expect(progress.at(-1)).toEqual([utf8(text).length, utf8(text).length]);
    const lines = (name: string) => readFileSync(join(folder, name), "utf8").trimEnd().split("\r\n").slice(1);
    expect(lines("duplicates.csv")).toEqual([expect.stringMatching(/^"2","","duplicate.record-id"/)]);
    expect(lines("rejects.csv")[0]).toMatch(/^"3","scenario","methodology.none"/);
    expect(await ingestsOf("rides.ndjson")).toEqual([{ finished: true }]);
  });

  it("adds nothing when it comes again", async () => {
    const text = row("a") + row("b");
    const first = await ingest(text);
    expect(first).toMatchObject({ read: 2, accepted: 2, acts: 2 });
    expect(await ingest(text)).toMatchObject({ accepted: 0, duplicates: 2, milligrams: "0" });
  });

  it("that can't be read to its end leaves no report behind", async () => {
    const stop = () => {
      throw new Error("stopped");
    };
    await expect(ingest(row("a"), { onAccepted: stop })).rejects.toThrow("stopped");
    expect(readdirSync(folder)).toEqual(["rides.ndjson"]);
    await expect(ingest(row("a"), { duplicatesFile: join(folder, "none", "d.csv") })).rejects.toMatchObject({
      code: "file.unwritable",
    });
    expect(readdirSync(folder)).toEqual(["rides.ndjson"]);
  });

  it("goes on behind its last chunk where it was cut off, and comes to the same", async () => {
    const text = ["a", "b", "c", "d", "e"].map((id) => row(id)).join("");
    let chunks = 0;
    const cut = () => (++chunks === 2 ? Promise.reject(new Error("cut off")) : Promise.resolve());
    await expect(inPieces("cut", text, cut)).rejects.toThrow("cut off");
    expect(await ingestsOf("cut")).toEqual([{ finished: false }]);
    const told: unknown[] = [];
    const report = await inPieces("cut", text, (rows) => {
      told.push([rows.read, rows.outcomes]);
      return Promise.resolve();
    });
    expect(report).toMatchObject({ read: 5, accepted: 5, duplicates: 0 });
    expect(told).toEqual([
      [2, ["accepted", "accepted"]],
      [4, ["accepted", "accepted"]],
      [5, ["accepted"]],
    ]);
    expect(await ingestsOf("cut")).toEqual([{ finished: true }]);
  });

  it("that was changed behind what is stored is an ingest of its own from there", async () => {
    const [a, b, c, d] = ["a", "b", "c", "d"].map((id) => row(id)) as [string, string, string, string];
    const [x] = [row("x")];
    let chunks = 0;
    const cut = () => (++chunks === 2 ? Promise.reject(new Error("cut off")) : Promise.resolve());
    await expect(inPieces("changed", a + b + c + d, cut)).rejects.toThrow("cut off");
    expect(await inPieces("changed", a + b + c + x)).toMatchObject({ read: 4, accepted: 3, duplicates: 1 });
    expect(await ingestsOf("changed")).toEqual([{ finished: true }, { finished: true }]);
    expect(await inPieces("changed", a + b + c + x)).toMatchObject({ accepted: 0, duplicates: 4 });
  });

  it("that begins otherwise than the one that was cut off is another", async () => {
    const cut = () => Promise.reject(new Error("cut off"));
    await expect(inPieces("first", row("a"), cut)).rejects.toThrow("cut off");
    expect(await inPieces("second", row("b"))).toMatchObject({ accepted: 1 });
    expect(await ingestsOf("first")).toEqual([{ finished: false }]);
    expect(await ingestsOf("second")).toEqual([{ finished: true }]);
  });

  it("without a row is an ingest of nothing, which is not kept", async () => {
    expect(await inPieces("empty", "")).toMatchObject({ read: 0, accepted: 0, acts: 0, milligrams: "0" });
    expect(await ingestsOf("empty")).toEqual([]);
  });

  it("is keyed one piece of work at a time, each in its turn", async () => {
    let [turns, working] = [0, 0];
    const report = await ingestSource(context, {
      source: bytesSource(utf8(row("a") + row("b") + row("c"))),
      name: "turns",
      profile,
      chunkRows: 2,
      openLookup: noLookup,
      inTurn: async (work) => {
        turns++;
        expect(++working).toBeLessThanOrEqual(2);
        try {
          return await work();
        } finally {
          working--;
        }
      },
    });
    expect(report.accepted).toBe(3);
    // Two chunks are quantified and admitted, and one look finds the end.
    expect(turns).toBe(5);
  });

  it("has records that can be looked up", async () => {
    await ingest(row("a"));
    const { id } = profile.provider;
    expect(await describeRecord(context, id, "a")).toEqual({
      provider: id,
      recordId: "a",
      disposition: "open",
      milligrams: "784000",
      methodologyId: expect.stringMatching(/^0x[0-9a-f]{64}$/) as string,
      activityKey: expect.stringMatching(/^0x[0-9a-f]{64}$/) as string,
      batchId: null,
    });
    await expect(describeRecord(context, id, "b")).rejects.toMatchObject({ code: "record.unknown" });
  });

  it("is held against a subject's day where rows name single people of a region that counts", () => {
    expect(dayRulesOf(context, profile)).not.toBeNull();
    expect(dayRulesOf(context, withRegion(profile, regionCode("NOWHERE")))).toBeNull();
    expect(dayRulesOf(context, { ...profile, subject: null })).toBeNull();
    const shared = { ...profile, subject: { ...profile.subject, shared: true } } as Profile;
    expect(dayRulesOf(context, shared)).toBeNull();
  });
});
