import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { toHex } from "../../src/base/lib/bytes.ts";
import { ArchiveStream } from "../../src/format/archive/archiveStream.ts";
import { encodeManifest } from "../../src/format/batch/manifest.ts";
import { encodeDeployment } from "../../src/format/onchain/deployment.ts";
import { CHAIN_ID, CONTRACTS, sampleBatch } from "../unit/verify/support/sampleBatch.ts";
import { startStaticServer, type StaticServer } from "../unit/verify/support/startStaticServer.ts";
import { microtonne, type Answer } from "./support/microtonne.ts";

const batch = sampleBatch("url", 300);
const files = new Map([["manifest.json", encodeManifest(batch.manifest)]]);
let server: StaticServer;
let folder: string;
let deployment: string;
beforeAll(async () => {
  const stream = new ArchiveStream({ write: (path, bytes) => Promise.resolve(void files.set(path, bytes)) });
  for (const leaf of batch.leaves) await stream.push(leaf);
  await stream.finish();
  server = await startStaticServer(files);
  folder = await mkdtemp(join(tmpdir(), "microtonne-url-"));
  deployment = join(folder, "deployment.json");
  await writeFile(
    deployment,
    encodeDeployment({
      schema: "microtonne-deployment/1",
      network: "sample",
      chainId: CHAIN_ID,
      contracts: CONTRACTS,
      block: 1,
      blockHash: `0x${"1".repeat(64)}`,
      commit: "local",
    }),
  );
});
afterAll(async () => {
  await server.close();
  await rm(folder, { recursive: true });
});
afterEach(() => {
  server.prank = null;
  server.asked.length = 0;
});

const verify = (...words: string[]): Promise<Answer> =>
  microtonne(["--data", join(folder, "none"), "--json", "verify", ...words]);

describe("microtonne verify --url", () => {
  it("recomputes an archive with nothing but the deployment file, and says what it read", async () => {
    const { code, out, err } = await verify("--url", server.url, "--deployment", deployment);
    expect({ code, err }).toEqual({ code: 5, err: "" });
    const bytes = [...files.values()].reduce((sum, file) => sum + file.length, 0);
    expect(JSON.parse(out)).toMatchObject({
      ok: true,
      mode: "deployment",
      facts: { kind: "archive", batches: [{ batchId: batch.batchId, leaves: 300 }] },
      traffic: { requests: files.size, bytes },
    });
  });

  it("proves one leaf, by its index or its key, from the manifest, a bundle and a tile", async () => {
    const key = toHex((batch.leaves[280] as Uint8Array).subarray(1, 33));
    for (const wanted of [
      ["--leaf", "280"],
      ["--activity-key", key],
    ]) {
      server.asked.length = 0;
      const { code, out } = await verify("--url", server.url, ...wanted, "--batch-id", batch.batchId);
      expect(code).toBe(0);
      expect(JSON.parse(out)).toMatchObject({ mode: "root", facts: { batches: [{ leaves: 1 }] } });
      // There is no file of anybody's, and most of the archive was not read.
      expect(out).not.toMatch(/file is whole/i);
      expect(JSON.parse(out)).toMatchObject({
        notChecked: expect.arrayContaining([
          expect.stringMatching(/^The archive's other leaves: /),
        ]) as unknown,
      });
      expect(server.asked).toEqual(["manifest.json", "leaves/001", "tiles/1/000"]);
    }
  });

  it("says that a key is absent of the batch that is trusted alone", async () => {
    const absent = ["--url", server.url, "--activity-key", `0x${"0".repeat(64)}`];
    const told = async (...trust: string[]) => {
      const { code, out } = await verify(...absent, ...trust);
      return { exit: code, ...(JSON.parse(out) as { error: { code: string; message: string } }).error };
    };
    const unnamed = await told();
    expect(unnamed).toMatchObject({ exit: 1, code: "verify.absent" });
    expect(unnamed.message).toContain("was not checked");
    for (const trust of [
      ["--batch-id", batch.batchId],
      ["--deployment", deployment],
    ]) {
      const held = await told(...trust);
      expect(held).toMatchObject({ exit: 1, code: "verify.absent" });
      expect(held.message).toContain(batch.batchId);
      expect(held.message).not.toContain("not checked");
    }
    expect(await told("--batch-id", `0x${"cd".repeat(32)}`)).toMatchObject({ exit: 1, code: "verify.root" });
  });

  it("speaks to people", async () => {
    const { code, out } = await microtonne(["verify", "--url", server.url, "--batch-id", batch.batchId]);
    expect(code).toBe(0);
    expect(out).toMatch(/^VERIFIED against the batches that you named\n/);
    expect(out).toMatch(/\nRead [0-9]+ bytes in 5 requests\.\n$/);
  });

  it("sends the key in a file to a server that wants one", async () => {
    const keyFile = join(folder, "key");
    await writeFile(keyFile, "mt_abc\n");
    server.prank = ({ headers }, response) => {
      if (headers.authorization === "Bearer mt_abc") return false;
      response.writeHead(401).end();
      return true;
    };
    expect((await verify("--url", server.url, "--api-key-file", keyFile, "--allow-unanchored")).code).toBe(0);
    const elsewhere = ["--url", "http://archives.example/batch", "--api-key-file", keyFile];
    expect(await verify(...elsewhere)).toMatchObject({ code: 2 });
    await writeFile(keyFile, "mt_abc\nmt_def\n");
    const odd = await verify("--url", server.url, "--api-key-file", keyFile);
    expect(odd).toMatchObject({ code: 2 });
    expect(odd.out + odd.err).not.toContain("mt_def");
    const refused = await verify("--url", server.url);
    expect(refused.code).toBe(1);
    expect(refused.out).toContain("wants a key");
    expect(refused.out + refused.err).not.toContain("mt_abc");
  });

  it("ends with 1 where the archive is wrong, with 3 where the server is away", async () => {
    server.prank = (request, response, file) => {
      if (request.url?.endsWith("/leaves/000") !== true) return false;
      response.writeHead(200).end(file.with(140, 1));
      return true;
    };
    const wrong = await verify("--url", server.url, "--deployment", deployment);
    expect(wrong.code).toBe(1);
    expect(wrong.out).toMatch(/archive\.(?:tile|commitment)/);
    expect((await verify("--url", "http://127.0.0.1:9/archive")).code).toBe(3);
  });

  it.each([
    [[]],
    [["here", "--url", "http://127.0.0.1:9/"]],
    [["--url", "ftp://127.0.0.1:9/"]],
    [["--url", "http://127.0.0.1:9/", "--leaf", "1", "--activity-key", `0x${"0".repeat(64)}`]],
    [["--url", "http://127.0.0.1:9/", "--leaf", "-1"]],
    [["--url", "http://127.0.0.1:9/", "--own"]],
    [["here", "--leaf", "1"]],
  ])("calls %j wrong usage", async (words) => {
    expect((await verify(...words)).code).toBe(2);
  });
});
