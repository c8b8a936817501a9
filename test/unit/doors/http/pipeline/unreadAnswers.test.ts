import { once } from "node:events";
import { createServer, get, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, it } from "vitest";
import { MIB } from "../../../../../src/base/lib/sizes.ts";
import { UnreadAnswers } from "../../../../../src/doors/http/pipeline/unreadAnswers.ts";

let server: Server;
const ended: string[] = [];
const answers = new Map<string, ServerResponse>();
beforeAll(async () => {
  const held = new UnreadAnswers();
  server = createServer((request, response: ServerResponse) => {
    const [, mebibytes = "0", name = ""] = (request.url ?? "").split("/");
    answers.set(name, response);
    void held.send(response, new Uint8Array(Number(mebibytes) * MIB).fill(65)).then(() => ended.push(name));
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

/** An answer of so many MiB whose reader takes nothing of it yet. */
async function unread(mebibytes: number, name: string): Promise<IncomingMessage> {
  const { port } = server.address() as AddressInfo;
  const asked = get({ host: "127.0.0.1", port, path: `/${String(mebibytes)}/${name}`, agent: false });
  const [response] = (await once(asked, "response")) as [IncomingMessage];
  response.on("error", () => undefined);
  response.pause();
  // Until the network's own buffers are full, it does not wait for its reader.
  let before = -1;
  await expect
    .poll(
      () => {
        const now = answers.get(name)?.socket?.bytesWritten ?? 0;
        return now === before || ((before = now), false);
      },
      { interval: 200, timeout: 20_000 },
    )
    .toBe(true);
  return response;
}
/** How many bytes come until it ends or is cut off. */
async function lengthOf(response: IncomingMessage): Promise<number> {
  let length = 0;
  response.on("data", (part: Buffer) => (length += part.length));
  response.resume();
  if (!response.closed) await new Promise((resolve) => response.once("close", resolve));
  return length;
}

it("one answer alone may be as large as it is", async () => {
  expect(await lengthOf(await unread(65, "large"))).toBe(65 * MIB);
  await expect.poll(() => ended).toEqual(["large"]);
});

it("of answers that wait those that wait longest are cut off, and the others stay whole", async () => {
  const [first, second] = [await unread(30, "first"), await unread(30, "second")];
  // Both have room: none is cut off.
  expect([first.destroyed, second.destroyed]).toEqual([false, false]);
  const third = await unread(30, "third");
  await expect.poll(() => ended, { timeout: 20_000 }).toContain("first");
  expect(await lengthOf(first)).toBeLessThan(30 * MIB);
  expect([await lengthOf(second), await lengthOf(third)]).toEqual([30 * MIB, 30 * MIB]);
  // What was read counts no more.
  const again = [await unread(30, "fourth"), await unread(30, "fifth")];
  for (const one of again) expect(await lengthOf(one)).toBe(30 * MIB);
});
