import { connect, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { ROLES } from "../../../src/app/apiKeys/roles.ts";
import { ask, jsonIn } from "./support/ask.ts";
import { expectProblem } from "./support/contract.ts";
import { ndjson, NDJSON } from "./support/rows.ts";
import { onEachService, type Called, type ServiceBench } from "./support/service.ts";

const rows = (token: string, body: string): Called => ({
  token,
  query: { profile: "canonical-ndjson", provider: "city-metro" },
  body,
  headers: { "content-type": NDJSON },
});

/** A raw connection, with all that came back on it and when it ended. */
function rawTo(bench: ServiceBench): { socket: Socket; text: () => string; closed: Promise<number> } {
  const { hostname, port } = new URL(bench.url());
  const [socket, begun] = [connect(Number(port), hostname), performance.now()];
  let text = "";
  socket.on("data", (bytes: Buffer) => (text += bytes.toString("latin1")));
  // A reset is one of the ways to be cut off.
  socket.on("error", () => undefined);
  return {
    socket,
    text: () => text,
    closed: new Promise<number>((resolve) => socket.once("close", () => resolve(performance.now() - begun))),
  };
}

const head = (token: string, ...more: string[]): string =>
  [
    `POST /v1/activities?profile=canonical-ndjson HTTP/1.1`,
    "Host: x",
    `Authorization: Bearer ${token}`,
    `Content-Type: ${NDJSON}`,
    ...more,
    "",
    "",
  ].join("\r\n");

describe("limits of requests", () => {
  onEachService(
    (bench) => {
      it("a key may send so many at once and no more; another key is served", async () => {
        const [busy, calm] = [await bench.token("busy", ["read"]), await bench.token("busy", ["read"])];
        const replies = await Promise.all(
          Array.from({ length: 10 }, () => bench.call("listMethodologies", { token: busy })),
        );
        const refused = replies.filter(({ status }) => status === 429);
        expect(refused.length).toBeGreaterThan(0);
        for (const reply of refused) {
          expect(expectProblem(reply).code).toBe("limit.requests");
          expect(Number(reply.headers["retry-after"])).toBeGreaterThan(0);
        }
        expect(replies.find(({ status }) => status === 200)?.headers).toMatchObject({
          "ratelimit-limit": "60",
        });
        expect((await bench.call("listMethodologies", { token: calm })).status).toBe(200);
      });

      it("an address with wrong keys is told to wait; another one, or a good key, is served", async () => {
        const token = await bench.token("patient", ["read"]);
        const from = (address: string, key: string) =>
          bench.call("listMethodologies", { token: key, headers: { "x-forwarded-for": address } });
        const codes: number[] = [];
        for (let tries = 0; tries < 32; tries++)
          codes.push((await from("192.0.2.1", `mt_wrong_${String(tries)}`)).status);
        expect(codes.slice(0, 30)).toEqual(Array(30).fill(401));
        expect(codes.slice(30)).toEqual([429, 429]);
        expect((await from("192.0.2.2", "mt_wrong")).status).toBe(401);
        expect((await from("192.0.2.1", token)).status).toBe(200);
      });
    },
    { settings: { MICROTONNE_HTTP_REQUESTS_PER_MINUTE: "60" } },
  );
});

describe("limits of bodies, heads and waiting work", () => {
  onEachService(
    (bench) => {
      it("a body above the cap is refused, by its announced length or by what comes", async () => {
        const token = await bench.token("large", ROLES);
        const tooLarge = await bench.call("postActivities", rows(token, "x".repeat(300_000)));
        expect(expectProblem(tooLarge)).toMatchObject({ status: 413, code: "request.too-large" });
        const json = await bench.call("retire", { token, json: { use: "x".repeat(300_000) } });
        expect(expectProblem(json).status).toBe(413);
        expect((await bench.call("postActivities", rows(token, ndjson(100, "large")))).status).toBe(200);
      });

      it.concurrent(
        "a chunked body that never ends is answered at the cap, and its connection cut",
        async () => {
          const { socket, text, closed } = rawTo(bench);
          socket.write(head(await bench.token("endless", ROLES), "Transfer-Encoding: chunked"));
          let sent = 0;
          const end = { done: false };
          void closed.then(() => (end.done = true));
          while (!end.done) {
            socket.write(`4000\r\n${"x".repeat(16_384)}\r\n`);
            sent += 16_384;
            await sleep(10);
          }
          expect(text()).toMatch(/^HTTP\/1\.1 413 /);
          expect(text()).toContain('"code":"request.too-large"');
          expect(await closed).toBeLessThan(20_000);
          expect(sent).toBeGreaterThan(262_144);
        },
      );

      it.concurrent("whoever has no key can't keep a connection by sending on", async () => {
        const { socket, text, closed } = rawTo(bench);
        socket.write(head("mt_nobody", "Content-Length: 1000000"));
        const dribble = setInterval(() => socket.write("x"), 100);
        expect(await closed).toBeLessThan(20_000);
        clearInterval(dribble);
        expect(text()).toMatch(/^HTTP\/1\.1 401 /);
      });

      it.concurrent("a head that comes slowly is cut", async () => {
        const { socket, closed } = rawTo(bench);
        socket.write("GET /healthz HTTP/1.1\r\nHost: x\r\n");
        const dribble = setInterval(() => socket.write("X-A: b\r\n"), 500);
        expect(await closed).toBeLessThan(20_000);
        clearInterval(dribble);
      });

      it.concurrent("a flood of heads is refused", async () => {
        const { socket, text, closed } = rawTo(bench);
        socket.write(
          `GET /healthz HTTP/1.1\r\nHost: x\r\n${`X-Flood: ${"y".repeat(1000)}\r\n`.repeat(40)}\r\n`,
        );
        await closed;
        expect(text()).toMatch(/^HTTP\/1\.1 431 /);
        const many = Object.fromEntries(
          Array.from({ length: 500 }, (_, index) => [`x-h-${String(index)}`, "1"]),
        );
        expect((await ask(bench.url(), { method: "GET", path: "/healthz", headers: many })).status).toBe(200);
      });

      it("too much of one tenant waiting is refused; another tenant is served", async () => {
        const [flooding, other] = [await bench.token("flood", ROLES), await bench.token("quiet", ROLES)];
        // Of more than one chunk each, so that one runs while the others come.
        let answered = 0;
        const flood = Array.from({ length: 40 }, async (_, index) => {
          const reply = await bench.call(
            "postActivities",
            rows(flooding, ndjson(1_050, `flood-${String(index)}`)),
          );
          answered += 1;
          return reply;
        });
        const quiet = await bench.call("postActivities", rows(other, ndjson(1, "quiet")));
        expect(jsonIn(quiet)).toMatchObject({ accepted: 1 });
        expect(answered).toBeLessThan(40);
        const replies = await Promise.all(flood);
        const refused = replies.filter(({ status }) => status === 429);
        expect(refused.length).toBeGreaterThan(0);
        for (const reply of refused) {
          expect(expectProblem(reply).code).toBe("limit.waiting");
          expect(Number(reply.headers["retry-after"])).toBeGreaterThan(0);
        }
        const served = replies.filter(({ status }) => status === 200);
        expect(served.length + refused.length).toBe(40);
        expect(served.length).toBeGreaterThanOrEqual(17);
        // What was refused was not begun.
        const [row] = await bench
          .context()
          .db.query<{ n: bigint }>("SELECT count(*) AS n FROM reductions WHERE tenant = $1", ["flood"]);
        expect(Number(row?.n)).toBe(served.length * 1_050);
      });
    },
    { settings: { MICROTONNE_HTTP_BODY_BYTES: "262144" } },
  );
});
