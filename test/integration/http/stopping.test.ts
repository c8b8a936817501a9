/** How a service ends whose clients never end. */
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { createApiKey } from "../../../src/app/apiKeys/createApiKey.ts";
import type { Context } from "../../../src/app/context.ts";
import { serve } from "../../../src/doors/http/serve.ts";
import { tenantId } from "../../../src/base/lib/ids.ts";
import { newPlace, type Place } from "../../e2e/support/newPlace.ts";

const GRACE = 10_000;
let place: Place;
let context: Context;
beforeEach(async () => {
  place = await newPlace(null);
  context = await place.open();
});
afterEach(async () => {
  vi.useRealTimers();
  await context.close();
  await place.remove();
});

/** A request whose head has been read, and of whose body nothing comes. */
async function unended(url: string, token: string): Promise<Socket> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  const head = [
    "POST /v1/activities?profile=canonical-ndjson HTTP/1.1",
    "host: x",
    `authorization: Bearer ${token}`,
    "content-type: application/x-ndjson",
    "content-length: 10",
    "expect: 100-continue",
  ];
  socket.on("error", () => undefined);
  socket.write(`${head.join("\r\n")}\r\n\r\n`);
  const [answer] = (await once(socket, "data")) as [Buffer];
  expect(answer.toString("latin1")).toMatch(/^HTTP\/1\.1 100 /);
  return socket;
}

it("a request that never ends is given ten seconds, and holds up the end no longer", async () => {
  const serving = await serve(context, { host: "127.0.0.1", port: 0, jobs: false });
  const terms = { tenant: tenantId("slow"), label: "slow", roles: ["ingest"], expiresAt: null } as const;
  const { token } = await createApiKey(context, terms);
  const socket = await unended(serving.url, token);
  const ended = vi.fn<() => void>();
  socket.on("close", ended);
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  const stopped = serving.stop();
  vi.advanceTimersByTime(GRACE - 1);
  for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
  expect(ended).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1);
  vi.useRealTimers();
  // First, since nothing else would end the wait for the server.
  await vi.waitFor(() => expect(ended).toHaveBeenCalledOnce(), 60_000);
  await stopped;
});
