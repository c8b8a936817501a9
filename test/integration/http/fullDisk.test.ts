import { execFileSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { newPlace, type Place } from "../../e2e/support/newPlace.ts";
import { startServed, type Served } from "../../e2e/support/startServed.ts";
import { ask, jsonIn, type Reply } from "./support/ask.ts";
import { expectProblem } from "./support/contract.ts";
import { ndjson, NDJSON } from "./support/rows.ts";
import { until } from "./support/until.ts";

/**
 * The system refuses to let files grow, as it does on a full disk: Postgres can't write its log, and ends
 * itself. Linux can set such a limit for a process that runs, and lift it.
 */
describe.skipIf(process.platform !== "linux")("an embedded database without room", () => {
  let place: Place;
  let served: Served;
  const limitFiles = (bytes: string): void =>
    void execFileSync("prlimit", ["--pid", String(served.pid), `--fsize=${bytes}:unlimited`]);
  const send = (rows: number): Promise<Reply> =>
    served.ask(served.key ?? "", {
      method: "POST",
      path: "/v1/activities?profile=canonical-ndjson&provider=city-metro",
      headers: { "content-type": NDJSON },
      body: ndjson(rows, randomUUID()),
    });
  beforeAll(async () => {
    place = await newPlace(null, { MICROTONNE_LOG_LEVEL: "silent" });
    served = await startServed(place);
  });
  afterAll(async () => {
    served.signal("SIGKILL");
    await place.remove();
  });

  it("refuses clearly, stays alive, goes on when there is room again, and ends on SIGTERM", async () => {
    expect((await send(10)).status).toBe(200);
    // Less than what the log has by now.
    limitFiles("1000000");
    const refused = await until("a refusal", async () => {
      const reply = await send(1_000);
      return reply.status !== 200 && reply;
    });
    expect(expectProblem(refused)).toMatchObject({ status: 503, code: "storage.unavailable" });
    expect(expectProblem(refused).detail).not.toContain(place.folder);
    expect(refused.headers["retry-after"]).toBeDefined();
    expect((await ask(served.url, { method: "GET", path: "/healthz" })).status).toBe(200);
    expect((await ask(served.url, { method: "GET", path: "/readyz" })).status).toBe(503);
    expect((await send(10)).status).toBe(503);
    limitFiles("unlimited");
    const accepted = await until("room again", async () => {
      const reply = await send(10);
      return reply.status === 200 && reply;
    });
    expect(jsonIn(accepted)).toMatchObject({ accepted: 10 });
    limitFiles("1000000");
    await until("a refusal", async () => (await send(1_000)).status === 503);
    served.signal("SIGTERM");
    expect(await served.ending).not.toBeNull();
  });
});
