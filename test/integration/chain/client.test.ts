import { createServer } from "node:http";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { isLocalChain } from "../../../src/base/lib/localChain.ts";
import { startAnvil, type EmbeddedChain } from "../../../src/adapters/chain/startAnvil.ts";
import { connectChain, redactUrl } from "../../../src/adapters/chain/client.ts";
import { devSigners, localSigner } from "../../../src/adapters/chain/signers.ts";
import { InputError, UnavailableError, UsageError } from "../../../src/base/errors/errors.ts";
import { startRpcProxy } from "./support/startRpcProxy.ts";
import { hashOf, temporaryFolder } from "./support/testChain.ts";

const folder = temporaryFolder();
let node: EmbeddedChain;
beforeAll(async () => {
  node = await startAnvil({ folder: folder.path });
});
afterAll(async () => {
  await node.stop();
  folder.remove();
});

test("a node on another chain is refused", async () => {
  await expect(connectChain({ rpcUrl: node.rpcUrl, chainId: 1337 })).rejects.toThrow(
    "is on chain 31337, not on 1337",
  );
});

test("an address that is no http URL is refused without being repeated", async () => {
  await expect(connectChain({ rpcUrl: "ws://user:secret@host", chainId: 31337 })).rejects.toThrow(UsageError);
  await expect(connectChain({ rpcUrl: "secret", chainId: 31337 })).rejects.not.toThrow("secret");
});

test("a node that is down is reported after the retry time, without the secrets in its URL", async () => {
  const started = Date.now();
  const attempt = connectChain({
    rpcUrl: "http://user:secret@127.0.0.1:9/key/topsecret?x=1",
    chainId: 31337,
    retryMilliseconds: 400,
  });
  const error = await attempt.catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(UnavailableError);
  expect(JSON.stringify([String(error), (error as Error).stack, (error as Error).cause])).not.toContain(
    "secret",
  );
  expect(String(error)).toContain("http://127.0.0.1:9/…");
  expect(Date.now() - started).toBeLessThan(3_000);
});

test("a node that comes back within the retry time is not noticed", async () => {
  let cuts = 3;
  const proxy = await startRpcProxy(node.rpcUrl, () => (cuts-- > 0 ? "cut-request" : "pass"));
  const client = await connectChain({ rpcUrl: proxy.rpcUrl, chainId: 31337 });
  expect(client.chainId).toBe(31337);
  await proxy.stop();
});

test("a server that answers with an error page is unavailable, not wrong", async () => {
  const server = createServer((_, response) => response.writeHead(503).end("<html>try later</html>")).listen(
    0,
    "127.0.0.1",
  );
  await once(server, "listening");
  const rpcUrl = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
  await expect(connectChain({ rpcUrl, chainId: 31337, retryMilliseconds: 200 })).rejects.toThrow(
    UnavailableError,
  );
  server.close();
});

test("what the node refuses is passed on at once, with its reason", async () => {
  const client = await connectChain({ rpcUrl: node.rpcUrl, chainId: 31337, retryMilliseconds: 60_000 });
  const started = Date.now();
  await expect(client.request("eth_noSuchThing", [])).rejects.toThrow(
    "The chain node refused eth_noSuchThing",
  );
  expect(Date.now() - started).toBeLessThan(2_000);
});

test("blocks on demand are for local chains", async () => {
  await expect(connectChain({ rpcUrl: node.rpcUrl, chainId: 1, mineWhileWaiting: true })).rejects.toThrow(
    "local chain only",
  );
  expect([31337, 1, 1337, 31338].map(isLocalChain)).toEqual([true, false, false, false]);
});

test("a URL is shown without user, path and query", () => {
  expect(redactUrl("https://a:b@node.example:8545/v3/key?k=1")).toBe("https://node.example:8545/…");
  expect(redactUrl("http://127.0.0.1:8545")).toBe("http://127.0.0.1:8545");
  expect(redactUrl("::")).toBe("(not a URL)");
});

test("development keys are refused on any chain but a local one", () => {
  expect(
    devSigners(31337)
      .map(({ address }) => address)
      .slice(0, 2),
  ).toEqual(["0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266", "0x70997970c51812dc3a010c7d01b50e0d17dc79c8"]);
  expect(() => devSigners(1)).toThrow(UsageError);
});

test("a malformed key is refused and never repeated", () => {
  for (const key of ["0xsecret", `0x${"00".repeat(32)}`, `0x${"ff".repeat(32)}`, "ab".repeat(32)]) {
    expect(() => localSigner(key)).toThrow(InputError);
    expect(() => localSigner(key)).not.toThrow(key.slice(2));
  }
});

test("the hash of a message is signed as 65 bytes, r, s and v of 27 or 28", async () => {
  const signature = await localSigner(`0x${"11".repeat(32)}`).signKeccakOf(hashOf("digest"));
  expect(signature).toMatch(/^0x[0-9a-f]{128}(1b|1c)$/);
});
