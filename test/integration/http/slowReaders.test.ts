import { createServer } from "node:http";
import { connect, type AddressInfo, type Socket } from "node:net";
import { describe, expect, it } from "vitest";
import { ROLES } from "../../../src/app/apiKeys/roles.ts";
import { MIB } from "../../../src/base/lib/sizes.ts";
import { UnreadAnswers } from "../../../src/doors/http/pipeline/unreadAnswers.ts";
import { endSlowReaders } from "../../../src/doors/http/pipeline/endSlowReaders.ts";
import { NDJSON } from "./support/rows.ts";
import { onEachService } from "./support/service.ts";
import { until } from "./support/until.ts";

/** A connection that sends and does not read. */
function unread(url: string, text: string): { socket: Socket; state: { closed: boolean } } {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  const state = { closed: false };
  // A few pieces are taken from the system, and then no more.
  socket.on("readable", () => undefined);
  socket.on("error", () => undefined);
  socket.on("close", () => (state.closed = true));
  socket.write(text);
  return { socket, state };
}

describe("readers that do not read", () => {
  it("are ended when nothing was taken for the stated time, and slow ones are not", async () => {
    const server = createServer((_request, response) => {
      const more = (): void => {
        while (!response.destroyed && response.write(Buffer.alloc(65_536)));
      };
      response.on("drain", more);
      more();
    });
    const stop = endSlowReaders(server, { stalled: 400, look: 50 });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const url = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
    const get = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";
    const slow = unread(url, get);
    let read = 0;
    const reading = setInterval(() => (read += (slow.socket.read() as Buffer | null)?.length ?? 0), 20);
    const still = unread(url, get);
    await until(
      "the end of the one that reads nothing",
      () => server.listening && connectionsOf(server).then((n) => n === 1),
    );
    expect(slow.state.closed).toBe(false);
    clearInterval(reading);
    expect(read).toBeGreaterThan(0);
    for (const { socket } of [slow, still]) socket.destroy();
    stop();
    server.closeAllConnections();
    server.close();
  });

  it("keep no more than 64 MiB of answers: those that took nothing for longest are cut off", async () => {
    const answers = new UnreadAnswers();
    const ended: boolean[] = [];
    const server = createServer((_request, response) => {
      const index = ended.push(false) - 1;
      void answers.send(response, Buffer.alloc(20 * MIB, "x")).then(() => (ended[index] = true));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const url = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
    const readers: ReturnType<typeof unread>[] = [];
    for (let index = 0; index < 6; index++) {
      const reader = unread(url, "GET / HTTP/1.1\r\nHost: x\r\n\r\n");
      readers.push(reader);
      await until("the beginning of its answer", () => reader.socket.readableLength > 0);
    }
    // Whoever does not read does not hear that it was cut off.
    await until("the end of the first three", () => ended.slice(0, 3).every(Boolean));
    expect(ended).toEqual([true, true, true, false, false, false]);
    // Those that are left get all of it, once they read.
    const last = readers[5]?.socket as Socket;
    let length = last.readableLength;
    last.removeAllListeners("readable");
    await new Promise<void>((resolve) => {
      last.on("data", (bytes: Buffer) => (length += bytes.length) > 20 * MIB && resolve());
    });
    for (const { socket } of readers) socket.destroy();
    server.closeAllConnections();
    server.close();
  });

  onEachService((bench) => {
    it("an answer of several MB arrives whole where it is read", async () => {
      const token = await bench.token("whole", ROLES);
      const called = {
        token,
        query: { profile: "canonical-ndjson", provider: "city-metro" },
        body: "x\n".repeat(20_000),
        headers: { "content-type": NDJSON },
      };
      const answer = await bench.json<{ rows: unknown[] }>("postActivities", 200, called);
      expect(answer.rows).toHaveLength(20_000);
    });

    it("begin no more than 16 requests on one connection", async () => {
      const { socket } = unread(bench.url(), "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n".repeat(1_000));
      let text = "";
      socket.on("data", (bytes: Buffer) => (text += bytes.toString("utf8")));
      socket.removeAllListeners("readable").resume();
      await new Promise((resolve) => socket.once("close", resolve));
      expect(text.split("HTTP/1.1 200 OK").length - 1).toBeLessThan(1_000);
      expect(text).toContain('"code":"request.pipelined"');
    });

    it("a tenant follows its events 32 times, and no more, until one reader leaves", async () => {
      const [token, other] = [await bench.token("streams", ROLES), await bench.token("streams-b", ROLES)];
      const follow = (key: string) =>
        unread(
          bench.url(),
          `GET /v1/events HTTP/1.1\r\nHost: x\r\nAccept: text/event-stream\r\n` +
            `Authorization: Bearer ${key}\r\n\r\n`,
        );
      const readers = Array.from({ length: 32 }, () => follow(token));
      for (const { socket } of readers) await until("a stream", () => socket.readableLength > 0);
      const headers = { accept: "text/event-stream" };
      const refused = await bench.call("listEvents", { token, headers });
      expect(refused.status).toBe(429);
      expect(refused.bytes.toString("utf8")).toContain('"code":"limit.streams"');
      const elsewhere = follow(other);
      await until("another tenant's stream", () => elsewhere.socket.readableLength > 0);
      readers[0]?.socket.destroy();
      const again = await until("room for one more", async () => {
        const one = follow(token);
        await until("an answer", () => one.socket.readableLength > 0);
        return (one.socket.read() as Buffer).toString("utf8").startsWith("HTTP/1.1 200") && one;
      });
      for (const { socket } of [...readers, elsewhere, again]) socket.destroy();
    });

    it("a tenant's bodies that are under way have a limit together", async () => {
      const token = await bench.token("bodies", ROLES);
      const length = 8 * MIB - 1;
      const head =
        `POST /v1/activities?profile=canonical-ndjson HTTP/1.1\r\nHost: x\r\n` +
        `Authorization: Bearer ${token}\r\n` +
        `Content-Type: ${NDJSON}\r\nContent-Length: ${String(length)}\r\n\r\n`;
      const senders = Array.from({ length: 9 }, () => unread(bench.url(), head));
      const body = Buffer.alloc(length - 1, "x");
      // All but the last byte, so that none of them is answered for what it says.
      for (const { socket } of senders) socket.write(body);
      const answers = (): string[] =>
        senders.map(({ socket }) => (socket.read() as Buffer | null)?.toString("utf8") ?? "");
      const refused = await until("a refusal", () => answers().find((text) => text !== ""));
      expect(refused).toMatch(/^HTTP\/1\.1 429 /);
      expect(refused).toContain('"code":"limit.bodies"');
      for (const { socket } of senders) socket.destroy();
      // What has left is given back.
      const called = {
        token,
        query: { profile: "canonical-ndjson" },
        body: "x\n",
        headers: { "content-type": NDJSON },
      };
      expect((await bench.call("postActivities", called)).status).not.toBe(429);
    });
  });
});

function connectionsOf(server: ReturnType<typeof createServer>): Promise<number> {
  return new Promise((resolve, reject) =>
    server.getConnections((error, count) => (error ? reject(error) : resolve(count))),
  );
}
