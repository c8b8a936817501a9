import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bothSums } from "../integration/storage/support/dispositionSums.ts";
import { ndjson, NDJSON } from "../integration/http/support/rows.ts";
import { metadataOf, PIECE, UPLOADS } from "../integration/http/support/tus.ts";
import { until } from "../integration/http/support/until.ts";
import { jsonIn } from "../integration/http/support/ask.ts";
import { killIfThere, nodesOf } from "./support/chainNodes.ts";
import { startMicrotonne, type Ending } from "./support/commandLine.ts";
import { newPlace, type Place } from "./support/newPlace.ts";
import { startServed, type Served } from "./support/startServed.ts";

const SEED = Number(process.env["KILL_SEED"] ?? Math.floor(Math.random() * 2 ** 31));
const server = process.env["TEST_DATABASE_URL"];
const ENGINES = [
  { name: "PGlite", url: null },
  ...(server === undefined ? [] : [{ name: "Postgres", url: server }]),
];
/** What must be nowhere but in the tenant's own answers. */
const SUBJECT = "canary-subject-13800000001";
const BENEFICIARY = "Canary Beneficiary Ltd";

interface Operation {
  readonly operationId: string;
  readonly state: string;
  readonly problem: unknown;
  readonly result: Record<string, unknown>;
}

const dice = (index: number): number => ((SEED + index * 7919) % 1000) / 1000;

describe.each(ENGINES)(`microtonne serve on $name (KILL_SEED=${String(SEED)})`, ({ url }) => {
  let place: Place;
  let served: Served;
  let key = "";
  const ended = (id: string): Promise<Operation> =>
    until(
      `operation ${id}`,
      async () => {
        const found = await served.json<Operation>(key, "GET", `/v1/operations/${id}`);
        return ["done", "failed"].includes(found.state) && found;
      },
      150,
    );
  const commandLine = (...words: string[]): Promise<Ending> =>
    startMicrotonne(["--data", place.folder, ...words], place.settings).ending;
  const logs: string[] = [];
  const start = async (): Promise<void> => {
    // A key that asks again and again how far its work is meets no limit here.
    served = await startServed(place, {
      MICROTONNE_LOG_LEVEL: "debug",
      MICROTONNE_HTTP_REQUESTS_PER_MINUTE: "1000000",
    });
  };
  const kill = async (): Promise<void> => {
    served.signal("SIGKILL");
    expect(await served.ending).toBeNull();
    logs.push(served.log());
    await start();
  };

  beforeAll(async () => {
    place = await newPlace(url);
    await start();
    key = served.key ?? "";
  });
  afterAll(async () => {
    served.signal("SIGTERM");
    await served.ending;
    // Chain nodes of services that were killed.
    for (const { pid } of await nodesOf(place.folder)) killIfThere(pid);
    await place.remove();
  });

  it("shows the first key once, and only its hash is kept", async () => {
    expect(key).toMatch(/^mt_[0-9a-f]{16}_[A-Za-z0-9_-]{43}$/);
    expect(await served.json(key, "GET", "/v1/batches")).toEqual({ batches: [] });
    await kill();
    expect(served.key).toBeNull();
    expect(await served.json(key, "GET", "/v1/batches")).toEqual({ batches: [] });
  });

  it("an upload whose last piece came just before a kill is read, once", async () => {
    const rows = ndjson(6_000, "killed").replace("subject-of-killed-0", SUBJECT);
    const headers = { "tus-resumable": "1.0.0" };
    const begun = await served.ask(key, {
      method: "POST",
      path: UPLOADS,
      headers: {
        ...headers,
        "upload-length": String(rows.length),
        "upload-metadata": metadataOf({
          filename: "killed.ndjson",
          profile: "canonical-ndjson",
          provider: "city-metro",
        }),
      },
    });
    const path = begun.headers.location ?? "";
    expect(
      (
        await served.ask(key, {
          method: "PATCH",
          path,
          headers: { ...headers, "upload-offset": "0", "content-type": PIECE },
          body: rows,
        })
      ).status,
    ).toBe(204);
    await sleep(dice(0) * 1_000);
    await kill();
    const shown = await until(
      "the end of the upload",
      async () => {
        const found = await served.json<{ state: string; report: Record<string, unknown>; problem: unknown }>(
          key,
          "GET",
          path,
        );
        return ["done", "failed"].includes(found.state) && found;
      },
      150,
    );
    expect(shown).toMatchObject({
      state: "done",
      problem: null,
      report: { read: 6_000, accepted: 6_000, rejected: 0, duplicates: 0 },
    });
    await until("the bytes' end", async () =>
      (await readdir(join(place.folder, "uploads"))).every((name) => name.endsWith(".results.ndjson")),
    );
  });

  it("operations that a kill meets end done, and what they do is done once", async () => {
    const run = async (
      path: string,
      body: unknown,
      name: string,
      kills: readonly number[],
    ): Promise<Operation> => {
      const headers = { "idempotency-key": name };
      const { operationId } = await served.json<Operation>(key, "POST", path, body, headers);
      for (const share of kills) {
        await sleep(share * 3_000);
        await kill();
      }
      // The caller, whose reply may have been lost, asks again under its key.
      expect((await served.json<Operation>(key, "POST", path, body, headers)).operationId).toBe(operationId);
      const end = await ended(operationId);
      expect(end).toMatchObject({ state: "done", problem: null });
      return end;
    };
    // On Postgres a killed worker's job is taken from it after its heartbeat has been missed for half a
    // minute.
    const kills = url === null ? [[dice(1), dice(2)], [dice(3)]] : [[], [dice(3)]];
    const batch = (await run("/v1/batches", { region: "WUHAN", vintage: 2025 }, "close-1", [])).result;
    await run(`/v1/batches/${String(batch["batchId"])}/mint`, {}, "mint-1", kills[0] ?? []);
    const order = { milligrams: "5000000", purpose: "event-neutrality", beneficiary: { name: BENEFICIARY } };
    const retired = (await run("/v1/retirements", order, "retire-1", kills[1] ?? [])).result;
    const { retirements } = await served.json<{ retirements: Record<string, unknown>[] }>(
      key,
      "GET",
      "/v1/retirements",
    );
    expect(retirements).toHaveLength(1);
    expect(retirements[0]).toMatchObject({
      retirementId: retired["retirementId"],
      state: "final",
      proven: true,
      milligrams: "5000000",
    });
    expect(await served.json(key, "GET", `/v1/batches/${String(batch["batchId"])}`)).toMatchObject({
      state: "minted",
      retiredMilligrams: "5000000",
    });
  });

  it("says nothing of anybody in its log, events, figures or published files", async () => {
    const problem = await served.ask(key, {
      method: "POST",
      path: "/v1/retirements",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ beneficiary: { name: BENEFICIARY, lei: SUBJECT } }),
    });
    const bad = await served.ask(key, {
      method: "POST",
      path: "/v1/activities?profile=canonical-ndjson",
      headers: { "content-type": NDJSON },
      body: `{"recordId":"r","subject":"${SUBJECT}"}\n`,
    });
    const events = await served.ask(key, { method: "GET", path: "/v1/events?limit=1000" });
    const figures = await served.ask(key, { method: "GET", path: "/metrics" });
    expect((jsonIn(events) as { events: unknown[] }).events.length).toBeGreaterThan(3);
    const texts = [problem, bad, events, figures].map(({ bytes }) => bytes.toString("utf8"));
    const archived = await readdir(join(place.folder, "archive"), { recursive: true, withFileTypes: true });
    for (const entry of archived.filter((one) => one.isFile()))
      texts.push((await readFile(join(entry.parentPath, entry.name))).toString("latin1"));
    expect(texts.length).toBeGreaterThan(6);
    logs.push(served.log());
    const secret = key.split("_").slice(2).join("_");
    for (const text of [...texts, ...logs])
      for (const canary of [SUBJECT, BENEFICIARY, secret]) expect(text).not.toContain(canary);
  });

  it("ends by SIGTERM with exit code 0, after it has answered what was under way", async () => {
    const body = ndjson(3_000, "last");
    const last = served.ask(key, {
      method: "POST",
      path: "/v1/activities?profile=canonical-ndjson&provider=late-metro",
      headers: { "content-type": NDJSON, connection: "keep-alive" },
      body,
    });
    await sleep(300);
    served.signal("SIGTERM");
    const reply = await last;
    expect(reply.status).toBe(200);
    expect(jsonIn(reply)).toMatchObject({ read: 3_000 });
    expect(await served.ending).toBe(0);
    logs.push(served.log());
  });

  it("keys are made, listed and revoked by the command line, and the database holds no token", async () => {
    const made = (
      await commandLine("key", "create", "--label", "city metro", "--roles", "read", "--days", "3")
    ).json as {
      keyId: string;
      token: string;
    };
    expect(made).toMatchObject({ label: "city metro", roles: ["read"] });
    const listed = (await commandLine("key", "list")).json as { keyId: string }[];
    expect(JSON.stringify(listed)).not.toContain(made.token.split("_").slice(2).join("_"));
    expect(listed.map(({ keyId }) => keyId)).toContain(made.keyId);
    await start();
    expect(served.key).toBeNull();
    expect((await served.ask(made.token, { method: "GET", path: "/v1/batches" })).status).toBe(200);
    if (url !== null) {
      const taken = await commandLine("serve", "--port", new URL(served.url).port);
      expect(taken.code).toBe(3);
      expect((taken.json as { error: { code: string; message: string } }).error).toMatchObject({
        code: "http.listen",
        message: expect.stringMatching(/port taken/) as string,
      });
    }
    served.signal("SIGTERM");
    expect(await served.ending).toBe(0);
    expect((await commandLine("key", "revoke", made.keyId)).json).toMatchObject({ keyId: made.keyId });
    const context = await place.open();
    try {
      const rows = await context.db.query(
        "SELECT key_id, label, roles, encode(secret_hash, 'hex') AS hash FROM api_keys",
      );
      for (const token of [key, made.token])
        expect(JSON.stringify(rows)).not.toContain(token.split("_").slice(2).join("_"));
      const { rows: one, ledger } = await bothSums(context.db, context.tenant);
      expect(one).toEqual(ledger);
    } finally {
      await context.close();
    }
    await start();
    expect((await served.ask(made.token, { method: "GET", path: "/v1/batches" })).status).toBe(401);
  });
});

it("a port that is taken ends it with exit code 3 and a sentence", async () => {
  const [one, other] = [await newPlace(null), await newPlace(null)];
  const served = await startServed(one);
  try {
    const { code, json } = await startMicrotonne(
      ["--data", other.folder, "serve", "--port", new URL(served.url).port],
      {},
    ).ending;
    expect(code).toBe(3);
    expect(json).toMatchObject({
      error: { code: "http.listen", message: expect.stringMatching(/port taken/) as string },
    });
  } finally {
    served.signal("SIGTERM");
    expect(await served.ending).toBe(0);
    await one.remove();
    await other.remove();
  }
});
