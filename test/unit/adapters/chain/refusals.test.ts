/** What the chain's side refuses before any node is asked, or once it has answered. */
import { createServer } from "node:http";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { prepareState } from "../../../../src/adapters/chain/chainState.ts";
import { connectChain } from "../../../../src/adapters/chain/client.ts";
import { plannedNonce } from "../../../../src/adapters/chain/intents/deployContract.ts";
import { readArtifact } from "../../../../src/adapters/chain/readArtifact.ts";
import { devSigners, localSigner } from "../../../../src/adapters/chain/signers.ts";

const LOCAL = 31_337;
const refused = (code: string, told: RegExp): unknown =>
  expect.objectContaining({ code, message: expect.stringMatching(told) as unknown });

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "microtonne-chain-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("a connection", () => {
  it("needs an http URL, a node that answers, and blocks on demand only where they may be had", async () => {
    await expect(connectChain({ rpcUrl: "ws://127.0.0.1", chainId: LOCAL })).rejects.toEqual(
      refused("chain.url", /must be an http or https URL/),
    );
    const mined = { rpcUrl: "http://127.0.0.1:9", chainId: 1, mineWhileWaiting: true };
    await expect(connectChain(mined)).rejects.toEqual(refused("chain.not-local", /on a local chain only/));
    const down = { rpcUrl: "http://127.0.0.1:9", chainId: LOCAL, retryMilliseconds: 0 };
    await expect(connectChain(down)).rejects.toEqual(
      refused("chain.unavailable", /Check that it runs and try again/),
    );
  });

  it("to another chain, or to a node that will not, says which it is", async () => {
    const answers: unknown[] = [
      { result: "0x539" },
      { result: "0x7a69" },
      { error: { code: -32_601, message: "no such method here" } },
    ];
    const server = createServer((request, response) => {
      request.resume().on("end", () => {
        const body = JSON.stringify({ jsonrpc: "2.0", id: 1, ...(answers.shift() as object) });
        response.setHeader("content-type", "application/json").end(body);
      });
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
    const rpcUrl = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
    await expect(connectChain({ rpcUrl, chainId: LOCAL })).rejects.toEqual(
      refused("chain.other-chain", /is on chain 1337, not on 31337\. Correct its address or the chain id/),
    );
    const client = await connectChain({ rpcUrl, chainId: LOCAL });
    await expect(client.request("odd_method", [])).rejects.toEqual(
      refused("chain.refused", /refused odd_method: no such method here/),
    );
    server.close();
  });
});

describe("an embedded chain's state", () => {
  it("is asked back from a backup where neither file is whole", async () => {
    const files = { current: join(folder, "current.json"), previous: join(folder, "previous.json") };
    writeFileSync(files.current, '{"half":');
    writeFileSync(files.previous, '{"half":');
    await expect(prepareState(files)).rejects.toEqual(
      refused("chain.state-broken", /Restore one of them from a backup/),
    );
  });
});

describe("keys and contracts", () => {
  it("that everybody knows sign on a local chain only", () => {
    expect(() => devSigners(1)).toThrow(refused("signer.development-key", /Configure signing keys/));
  });

  it("that are none are refused, and not repeated", () => {
    for (const key of ["0x12", `0x${"00".repeat(32)}`, `0x${"ff".repeat(32)}`]) {
      expect(() => localSigner(key)).toThrow(refused("signer.malformed-key", /must be 0x and 64 hex digits/));
      expect(() => localSigner(key)).not.toThrow(key);
    }
  });

  it("that are not built say how to build them", async () => {
    await expect(readArtifact("BatchRegistry", folder)).rejects.toEqual(
      refused("contracts.not-built", /Run: npm run build:contracts/),
    );
  });

  it("are deployed by intents whose key says contract and nonce", () => {
    const intent = { key: "deploy:BatchRegistry", kind: "deploy", from: `0x${"0a".repeat(20)}` } as never;
    expect(() => plannedNonce(intent)).toThrow(refused("deploy.key", /deploy:<contract>:<nonce>/));
  });
});
