/** Operations and uploads as their jobs do them, on one embedded database with the real queue. */
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openQueue } from "../../../../src/adapters/storage/queue/openQueue.ts";
import type { Queue } from "../../../../src/adapters/storage/queue/queue.ts";
import type { Context } from "../../../../src/app/context.ts";
import { putLookupFile } from "../../../../src/app/profiles/lookupFiles.ts";
import { putProfile } from "../../../../src/app/profiles/tenantProfiles.ts";
import { ingestBytes } from "../../../../src/app/service/ingestBytes.ts";
import { isReady } from "../../../../src/app/service/isReady.ts";
import {
  beginOperation,
  describeOperation,
  OPERATION_JOBS,
  runOperation,
} from "../../../../src/app/service/operations.ts";
import { serviceOf, type Service } from "../../../../src/app/service/serviceOf.ts";
import {
  beginUpload,
  checkUploadRoom,
  describeUpload,
  describeUploads,
  forgetUpload,
  openUploadResults,
  runUpload,
  takeUpUploads,
  UPLOAD_JOBS,
  uploadFolder,
  uploadReceived,
} from "../../../../src/app/service/uploads.ts";
import { utf8 } from "../../../../src/base/lib/bytes.ts";
import { tenantId } from "../../../../src/base/lib/ids.ts";
import type { UnixSeconds } from "../../../../src/base/types/quantities.ts";
import { shippedProfileText } from "../../../../src/stages/ingest/profile/shippedProfiles.ts";
import { newPlace, type Place } from "../../../e2e/support/newPlace.ts";
import { ndjson } from "../../../integration/http/support/rows.ts";

/** 2026-01-01T00:00:00Z */
const NOW = 1_767_225_600;
const CAP = 5_000_000;
const ALPHA = tenantId("alpha");
const BETA = tenantId("beta");

let place: Place;
let root: Context;
let queue: Queue;
let service: Service;
let alpha: Context;
let now = NOW;
const broke: unknown[] = [];
beforeAll(async () => {
  place = await newPlace(null, { MICROTONNE_MAX_INPUT_BYTES: String(CAP) });
  const opened = await place.open({ now: () => now as UnixSeconds });
  const log = Object.assign(Object.create(opened.log) as Context["log"], {
    error: (...told: unknown[]) => broke.push(told),
  });
  root = { ...opened, log };
  queue = await openQueue(root.db, { kinds: [OPERATION_JOBS, UPLOAD_JOBS], onError: () => undefined });
  service = serviceOf(root, queue, () => undefined);
  mkdirSync(uploadFolder(root), { recursive: true });
  alpha = await service.contextOf(ALPHA);
  await service.contextOf(BETA);
});
afterAll(async () => {
  await queue.stop();
  await root.close();
  await place.remove();
});
const jobsOf = async (name: string): Promise<unknown[]> =>
  (
    await root.db.query<{ data: unknown }>(
      "SELECT data FROM pgboss.job WHERE name = $1 ORDER BY created_on",
      [name],
    )
  ).map(({ data }) => (typeof data === "string" ? (JSON.parse(data) as unknown) : data));

describe("an operation", () => {
  const TERMS = { region: "wuhan", vintage: 2025 };

  it("is entered once with its job, and described; other terms under its id are refused", async () => {
    const begun = await beginOperation(service, ALPHA, "op-1", "close-batch", TERMS);
    expect(begun).toEqual({
      operationId: "op-1",
      kind: "close-batch",
      state: "queued",
      result: null,
      problem: null,
      createdAt: "2026-01-01T00:00:00Z",
      finishedAt: null,
    });
    now++;
    expect(await beginOperation(service, ALPHA, "op-1", "close-batch", TERMS)).toEqual(begun);
    expect(await jobsOf("operations")).toEqual([{ tenant: "alpha", operationId: "op-1" }]);
    const refusal = {
      code: "operation.other-terms",
      message: "This Idempotency-Key began an operation with other terms. Use a new key for a new request.",
    };
    await expect(
      beginOperation(service, ALPHA, "op-1", "close-batch", { ...TERMS, vintage: 2024 }),
    ).rejects.toMatchObject(refusal);
    await expect(beginOperation(service, ALPHA, "op-1", "mint-batch", TERMS as never)).rejects.toMatchObject(
      refusal,
    );
    expect((await beginOperation(service, BETA, "op-1", "close-batch", TERMS)).state).toBe("queued");
    await expect(
      describeOperation({ db: root.db, tenant: BETA }, `o${"x".repeat(99)}`),
    ).rejects.toMatchObject({
      code: "operation.unknown",
      message: `There is no operation "o${"x".repeat(79)}" here.`,
    });
  });

  it("that is refused for good ends in the service's words and is not tried again", async () => {
    now = NOW + 60;
    await runOperation(service, ALPHA, "op-1");
    const ended = await describeOperation(alpha, "op-1");
    expect(ended).toMatchObject({
      state: "failed",
      result: null,
      problem: { code: "id.malformed" },
      createdAt: "2026-01-01T00:00:00Z",
      finishedAt: "2026-01-01T00:01:00Z",
    });
    now++;
    await runOperation(service, ALPHA, "op-1");
    expect(await describeOperation(alpha, "op-1")).toEqual(ended);
    await runOperation(service, ALPHA, "none");
    await expect(describeOperation(alpha, "none")).rejects.toMatchObject({ code: "operation.unknown" });
    expect(broke).toEqual([]);
    await beginOperation(service, ALPHA, "op-2", "mint-batch", { batch: "zz", attestations: null });
    await runOperation(service, ALPHA, "op-2");
    const { problem } = await describeOperation(alpha, "op-2");
    expect(problem?.detail).not.toContain("microtonne ");
  });

  it("whose terms no version ever wrote breaks, for the log to say", async () => {
    await beginOperation(service, ALPHA, "op-3", "close-batch", { vintage: 2025 } as never);
    await runOperation(service, ALPHA, "op-3");
    expect((await describeOperation(alpha, "op-3")).problem).toEqual({
      code: "unexpected",
      detail: "Something broke that nobody foresaw; the operator's log has it.",
    });
    expect(broke).toEqual([
      [expect.objectContaining({ operation: "op-3", kind: "close-batch" }), "an operation broke"],
    ]);
  });
});

describe("rows in a request", () => {
  const ingest = (bytes: Uint8Array, more: object = {}) =>
    ingestBytes(service, alpha, {
      profile: "canonical-ndjson",
      bytes,
      name: "rides.ndjson",
      signature: null,
      signal: new AbortController().signal,
      ...more,
    });

  it("are answered one by one in the order of the file, in pieces of a thousand", async () => {
    const many = ndjson(1_001, "piece").split("\n");
    const { rows, ...report } = await ingest(utf8([many[0], many[0], ...many.slice(1)].join("\n")));
    expect(report).toMatchObject({ read: 1_002, accepted: 1_001, duplicates: 1 });
    expect(rows.map(({ row }) => row)).toEqual(Array.from({ length: 1_002 }, (_, at) => at + 1));
    expect(rows.filter(({ outcome }) => outcome !== "accepted").map(({ row }) => row)).toEqual([2]);
    expect(rows[0]).toEqual({
      row: 1,
      outcome: "accepted",
      recordId: "piece-0",
      milligrams: "980000",
    });
  });

  it("are left alone where too many are sent, the profile is none, or the client has gone", async () => {
    await expect(ingest(utf8("{}\n".repeat(50_001)))).rejects.toMatchObject({ code: "request.rows" });
    await expect(ingest(utf8("{}"), { profile: "none" })).rejects.toMatchObject({ code: "profile.unknown" });
    await expect(ingest(utf8("{}"), { signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: "request.gone",
    });
  });
});

describe("an upload", () => {
  const idOf = (digit: string): string => digit.repeat(32);
  const file = (id: string): string => join(uploadFolder(root), id);
  const begin = (id: string, size: number, more: object = {}, as = alpha) =>
    beginUpload(as, id, { fileName: "rides.ndjson", profile: "canonical-ndjson", size, ...more });
  const receive = async (id: string, bytes: Uint8Array | string, more: object = {}): Promise<void> => {
    await begin(id, Buffer.byteLength(bytes), more);
    writeFileSync(file(id), bytes);
    await uploadReceived(service, ALPHA, id);
  };
  const resultsOf = async (id: string): Promise<unknown[]> => {
    let text = "";
    for await (const piece of await openUploadResults(alpha, id)) text += String(piece);
    return text
      .split("\n")
      .filter(Boolean)
      .map((line) => JSON.parse(line) as unknown);
  };

  it("is read once its bytes are here: refusals are told row by row, its bytes are gone", async () => {
    now = NOW + 100;
    const good = ndjson(3, "first");
    const text = `${good}${good.split("\n")[0] ?? ""}\n{"recordId":"bad"}\n`;
    await receive(idOf("a"), text, { provider: "city-metro" });
    await uploadReceived(service, ALPHA, idOf("a"));
    expect(await jobsOf("uploads"), "one job").toEqual([{ tenant: "alpha", uploadId: idOf("a") }]);
    expect(await describeUpload(alpha, idOf("a"))).toEqual({
      uploadId: idOf("a"),
      state: "queued",
      fileName: "rides.ndjson",
      profile: "canonical-ndjson",
      size: text.length,
      report: null,
      problem: null,
      createdAt: "2026-01-01T00:01:40Z",
      finishedAt: null,
    });
    await expect(openUploadResults(alpha, idOf("a"))).rejects.toMatchObject({
      code: "upload.unread",
      message: "The upload is queued, so its rows have no results. Ask again when it is done.",
    });
    await expect(forgetUpload(alpha, idOf("a"))).rejects.toMatchObject({ code: "upload.queued" });
    now = NOW + 160;
    await runUpload(service, ALPHA, idOf("a"));
    expect(await describeUpload(alpha, idOf("a"))).toMatchObject({
      state: "done",
      report: { read: 5, accepted: 3, duplicates: 1, rejected: 1 },
      problem: null,
      finishedAt: "2026-01-01T00:02:40Z",
    });
    expect(await resultsOf(idOf("a"))).toMatchObject([
      { row: 4, outcome: "duplicate" },
      { row: 5, outcome: "rejected" },
    ]);
    expect(readdirSync(uploadFolder(root))).toEqual([`${idOf("a")}.results.ndjson`]);
    await runUpload(service, ALPHA, idOf("a"));
    expect((await describeUpload(alpha, idOf("a"))).state, "a second job finds nothing to do").toBe("done");
  });

  it("is read with the tenant's own profile and lookup files", async () => {
    const yaml = `${shippedProfileText("canonical-csv")
      .replace("name: canonical-csv", "name: by-stop")
      .replace(
        "quantity: { column: quantity, unitColumn: unit }",
        "quantity: { column: { join: stop, field: km }, unit: km, as: passenger-km }",
      )
      .trimEnd()}
joins:
  - { name: stop, column: stop, file: stops.csv, key: stop, fields: { km: km } }
`;
    await putProfile(alpha, "by-stop", utf8(yaml));
    await putLookupFile(alpha, "stops.csv", utf8("stop,km\na,12.5\n"));
    const rows =
      "recordId,subject,scenario,startedAt,endedAt,stop\nx1,sx,metro,2025-06-18T08:00:00+08:00,,a\n";
    await receive(idOf("b"), rows, { profile: "by-stop", fileName: "x.csv" });
    await runUpload(service, ALPHA, idOf("b"));
    expect(await describeUpload(alpha, idOf("b"))).toMatchObject({
      problem: null,
      state: "done",
      report: { read: 1, accepted: 1, milligrams: "980000" },
    });
    expect(await resultsOf(idOf("b"))).toEqual([]);
  });

  it("that breaks a rule fails with its code, and leaves no bytes and no results", async () => {
    await receive(idOf("c"), "recordId\nx\n", { profile: "canonical-csv" });
    await runUpload(service, ALPHA, idOf("c"));
    expect(await describeUpload(alpha, idOf("c"))).toMatchObject({ state: "failed", report: null });
    expect(readdirSync(uploadFolder(root)).filter((name) => name.startsWith("c"))).toEqual([]);
    await expect(openUploadResults(alpha, idOf("c"))).rejects.toThrow("The upload is failed");
  });

  it("is listed newest first, and is its tenant's alone", async () => {
    expect((await describeUploads(alpha, 2)).map(({ uploadId }) => uploadId)).toHaveLength(2);
    const listed = await describeUploads(alpha, 100);
    expect(listed.map(({ uploadId }) => uploadId).toSorted()).toEqual(["a", "b", "c"].map(idOf));
    expect(listed.at(-1)?.uploadId).toBeDefined();
    expect(await describeUploads({ db: root.db, tenant: BETA }, 100)).toEqual([]);
    for (const id of [idOf("a"), "../a", `${idOf("a")}0`, "A".repeat(32), "x".repeat(99)]) {
      const as = id === idOf("a") ? { db: root.db, tenant: BETA } : alpha;
      await expect(describeUpload(as, id)).rejects.toMatchObject({
        code: "upload.unknown",
        message: `There is no upload "${id.slice(0, 80)}" here.`,
      });
    }
  });

  it("is forgotten with its results; its acts stay", async () => {
    await forgetUpload(alpha, idOf("a"));
    await expect(describeUpload(alpha, idOf("a"))).rejects.toMatchObject({ code: "upload.unknown" });
    expect(readdirSync(uploadFolder(root)).filter((name) => name.startsWith("a"))).toEqual([]);
    const again = await ingestBytes(service, alpha, {
      profile: "canonical-ndjson",
      provider: "city-metro",
      bytes: utf8(ndjson(3, "first")),
      name: "x",
      signature: null,
      signal: new AbortController().signal,
    });
    expect(again).toMatchObject({ accepted: 0, duplicates: 3 });
  });

  it("is begun with a profile that there is, and room under the cap for all that is not read", async () => {
    await expect(begin(idOf("d"), 1, { profile: "none" })).rejects.toMatchObject({ code: "profile.unknown" });
    await begin(idOf("d"), CAP - 10);
    await expect(begin(idOf("e"), 11)).rejects.toMatchObject({
      code: "limit.upload-bytes",
      message:
        `Your uploads that are not read yet come to ${String(CAP - 10)} ` +
        "bytes; with this one they would have " +
        `more than ${String(CAP)}. Begin it when some have been read.`,
    });
    await begin(idOf("e"), 10);
    await begin(idOf("f"), CAP, {}, await service.contextOf(BETA));
    for (const id of ["d", "e"]) await forgetUpload(alpha, idOf(id));
  });

  it("is one of thirty-two at a time", async () => {
    const ids = Array.from({ length: 32 }, (_, at) => at.toString(16).padStart(32, "0"));
    for (const id of ids) await begin(id, 1);
    await expect(begin(idOf("e"), 1)).rejects.toMatchObject({
      code: "limit.uploads",
      message:
        "32 of your uploads are not complete. Send what is missing of them, or delete them: " +
        "DELETE /v1/activities/uploads/{upload}",
    });
    for (const id of ids) await forgetUpload(alpha, id);
  });

  it("is taken up by a service that starts where its last byte is here", async () => {
    await begin(idOf("1"), 3);
    writeFileSync(file(idOf("1")), "abc");
    await begin(idOf("2"), 4);
    writeFileSync(file(idOf("2")), "abc");
    await begin(idOf("3"), 4);
    const left = [idOf("9"), `${idOf("9")}.json`, `${idOf("9")}.results.ndjson.part`];
    for (const name of left) writeFileSync(file(name), "x");
    writeFileSync(file("notes.txt"), "x");
    await takeUpUploads(service);
    const states = await describeUploads(alpha, 100);
    const stateOf = (id: string) => states.find(({ uploadId }) => uploadId === idOf(id))?.state;
    expect(["1", "2", "3"].map(stateOf)).toEqual(["queued", "receiving", "receiving"]);
    expect(await jobsOf("uploads")).toContainEqual({ tenant: "alpha", uploadId: idOf("1") });
    const found = readdirSync(uploadFolder(root));
    for (const name of left) expect(found).not.toContain(name);
    expect(found).toEqual(expect.arrayContaining([idOf("1"), idOf("2"), "notes.txt"]));
    expect(readFileSync(file(idOf("2")), "utf8")).toBe("abc");
  });

  it("has room on the disk, or is told so", () => {
    expect(() => checkUploadRoom(root, 1)).not.toThrow();
    expect(() => checkUploadRoom(root, Number.MAX_SAFE_INTEGER)).toThrow(
      expect.objectContaining({ code: "storage.full" }),
    );
  });
});

describe("the parts that doors share", () => {
  it("open one context for a tenant, and ask anew where it could not be opened", async () => {
    expect(await service.contextOf(ALPHA)).toBe(alpha);
    let away = true;
    const shaky = serviceOf(
      { ...root, forTenant: (tenant) => (away ? Promise.reject(new Error("away")) : root.forTenant(tenant)) },
      queue,
      () => undefined,
    );
    await expect(shaky.contextOf(BETA)).rejects.toThrow("away");
    away = false;
    const opened = await shaky.contextOf(BETA);
    expect(opened.tenant).toBe(BETA);
    expect(await shaky.contextOf(BETA)).toBe(opened);
  });

  it("have two packages and thirty-two streams of events for each tenant, with a sentence", () => {
    const { packageStreams, eventStreams } = serviceOf(root, queue, () => undefined);
    for (const [shares, most, message] of [
      [packageStreams, 2, "2 packages are being read already. Read one to its end first."],
      [eventStreams, 32, "32 readers follow your events already. End one of them first."],
    ] as const) {
      for (let at = 0; at < most; at++) shares.take(ALPHA, 1);
      expect(() => shares.take(ALPHA, 1)).toThrow(
        expect.objectContaining({ code: "limit.streams", message }),
      );
      shares.take(BETA, 1);
    }
  });

  it("are ready where the database answers, and not where it refuses", async () => {
    expect(await isReady(root)).toBe(true);
    const db = { query: () => Promise.reject(new Error("away")) } as unknown as Context["db"];
    expect(await isReady({ db })).toBe(false);
    const mute = { query: () => new Promise(() => undefined) } as unknown as Context["db"];
    expect(await isReady({ db: mute })).toBe(false);
  });
});
