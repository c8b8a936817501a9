import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { connect, type AddressInfo, type Socket } from "node:net";
import { afterEach, beforeEach, expect, it } from "vitest";
import { endSlowReaders } from "../../../../../src/doors/http/pipeline/endSlowReaders.ts";

const LARGE = 32 * 2 ** 20;
let server: Server;
let port: number;
beforeEach(async () => {
  server = createServer((_request, response) => void response.end(Buffer.alloc(LARGE, "x"))).listen(
    0,
    "127.0.0.1",
  );
  await once(server, "listening");
  ({ port } = server.address() as AddressInfo);
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});
const open = async (asks: boolean): Promise<Socket> => {
  const socket = connect(port, "127.0.0.1");
  socket.on("error", () => undefined);
  await once(socket, "connect");
  if (asks) socket.write("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  return socket;
};
const connections = () =>
  new Promise<number>((resolve) => server.getConnections((_error, count) => resolve(count)));

it("a connection whose reader takes nothing is ended; one that nothing waits for stays", async () => {
  const stop = endSlowReaders(server, { stalled: 60, look: 20 });
  const idle = await open(false);
  const stalled = await open(true);
  stalled.pause();
  await expect.poll(connections, { timeout: 120_000 }).toBe(1);
  expect(idle.destroyed).toBe(false);
  stop();
  stalled.destroy();
  idle.destroy();
});

it("a reader that takes it slowly gets all of it", async () => {
  const stop = endSlowReaders(server, { stalled: 30_000, look: 5 });
  const socket = await open(true);
  let length = 0;
  for await (const piece of socket as AsyncIterable<Buffer>) {
    length += piece.length;
    if (length >= LARGE) break;
  }
  expect(length).toBeGreaterThanOrEqual(LARGE);
  stop();
});

it("nobody is ended once it is stopped", async () => {
  endSlowReaders(server, { stalled: 10, look: 10 })();
  const stalled = await open(true);
  stalled.pause();
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(await connections()).toBe(1);
  stalled.destroy();
});
