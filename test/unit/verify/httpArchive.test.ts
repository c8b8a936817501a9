import type { ServerResponse } from "node:http";
import { gzipSync } from "node:zlib";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { largeBatch } from "../../../scripts/bench/samples/largeBatch.ts";
import { toHex } from "../../../src/base/lib/bytes.ts";
import type { ActivityKey, BatchId } from "../../../src/base/types/ids.ts";
import { ArchiveStream } from "../../../src/format/archive/archiveStream.ts";
import { LEAF_BYTES } from "../../../src/format/batch/leaf.ts";
import type { Manifest } from "../../../src/format/batch/manifest.ts";
import { HttpArchive } from "../../../src/verify/httpArchive.ts";
import { proveFromArchive } from "../../../src/verify/proveFromArchive.ts";
import { verifyArchive } from "../../../src/verify/verifyArchive.ts";
import { verifyProof } from "../../../src/verify/verifyProof.ts";
import { startStaticServer, type Prank, type StaticServer } from "./support/startStaticServer.ts";
import { refusedFor } from "../../support/refusedFor.ts";

/** Two whole tiles above the bundles, a short third, and one tile above these. */
const LEAVES = 2 * 65_536 + 300;
const BUNDLE_BYTES = 256 * LEAF_BYTES;
const BOMB = gzipSync(new Uint8Array(20_000_000));
const files = new Map<string, Uint8Array>();
let batchId: BatchId;
let manifest: Manifest;
let server: StaticServer;
/** The leaves' bytes, one after the other. */
let leaves: Uint8Array;

beforeAll(async () => {
  const batch = await largeBatch(LEAVES);
  const stream = new ArchiveStream({ write: (path, bytes) => Promise.resolve(void files.set(path, bytes)) });
  leaves = Buffer.concat([...batch.chunks()]);
  await stream.push(leaves);
  const commitment = await stream.finish();
  const sealed = batch.seal(commitment);
  files.set("manifest.json", sealed.bytes);
  ({ batchId } = sealed);
  manifest = batch.manifest(commitment);
  server = await startStaticServer(files);
});
afterAll(() => server.close());
beforeEach(() => {
  server.asked.length = 0;
});
afterEach(() => {
  server.prank = null;
});

const trust = () => ({ mode: "root", batches: [{ batchId }] }) as const;
const quick = { timeoutMilliseconds: 300, pauseMilliseconds: 1 };
const keyAt = (index: number) => leaves.slice(LEAF_BYTES * index + 1, LEAF_BYTES * index + 33) as ActivityKey;

describe("an archive behind an address", () => {
  it("is recomputed whole, and each of its files is asked for once", async () => {
    const archive = new HttpArchive(server.url);
    const verdict = await verifyArchive(archive, trust());
    expect(verdict).toMatchObject({ ok: true, mode: "root" });
    expect(verdict.facts.batches[0]).toMatchObject({ batchId, leaves: LEAVES });
    expect(server.asked.toSorted()).toEqual([...files.keys()].toSorted());
    const bytes = [...files.values()].reduce((sum, file) => sum + file.length, 0);
    expect(archive.traffic).toEqual({ requests: files.size, bytes });
  });

  it("is let go of by close: no busy server is waited for, and nothing is asked for any more", async () => {
    const archive = new HttpArchive(server.url);
    server.prank = (request, response) => {
      if (request.url?.includes("leaves/") !== true) return false;
      response.writeHead(503, { "Retry-After": "60" }).end();
      return true;
    };
    const read = faultOf(archive.read("leaves/000", BUNDLE_BYTES));
    await expect.poll(() => server.asked).toContain("leaves/000");
    archive.close();
    expect(await read).toBe("archive.unavailable");
    expect(await faultOf(archive.read("manifest.json"))).toBe("archive.unavailable");
    expect(server.asked).toEqual(["leaves/000"]);
  });

  it("takes an authorization that is one, and does not repeat another", () => {
    const make = () => new HttpArchive(server.url, { authorization: "Bearer SECRET\nX: 1" });
    expect(make).toThrowError(refusedFor("archive.authorization"));
    expect(make).not.toThrowError(/SECRET/);
  });

  it("sends an authorization where nobody can read it on the way, or nowhere", () => {
    const make = (address: string) => () => new HttpArchive(address, { authorization: "Bearer SECRET" });
    for (const address of ["http://example.org/a", "http://10.0.0.1/a", "HTTP://localhost.example.org/a"]) {
      expect(make(address)).toThrowError(
        expect.objectContaining({
          code: "archive.authorization",
          message:
            "A key is sent over https alone, or to this machine itself: on the way anybody could read it.",
        }),
      );
    }
    for (const address of ["https://example.org/a", "http://localhost:1/a", "http://[::1]:1/a", server.url])
      expect(make(address)).not.toThrow();
    expect(() => new HttpArchive("http://example.org/a")).not.toThrow();
  });

  it("is held against a deployment file alone where there is no more", async () => {
    const { chainId, contracts } = manifest;
    const deployment = { mode: "deployment", chainId: Number(chainId), contracts } as const;
    const verdict = await verifyArchive(new HttpArchive(`${server.url}/`), deployment);
    expect(verdict).toMatchObject({ ok: true, mode: "deployment" });
    expect(verdict.checked).toContain("The manifest's chain and contracts are those of your deployment.");
    expect(verdict.notChecked[0]).toContain("no chain was looked at");
    const other = { ...deployment, chainId: 1 };
    expect(await faultOf(verifyArchive(new HttpArchive(server.url), other))).toBe("verify.chain");
    const proof = await proveFromArchive(new HttpArchive(server.url), { index: 5 });
    expect(await verifyProof(proof, deployment)).toMatchObject({ ok: true, mode: "deployment" });
    expect(await faultOf(verifyProof(proof, other))).toBe("verify.chain");
  });

  it("is read from a server without ranges, too", async () => {
    const plain = await startStaticServer(files, false);
    try {
      const archive = new HttpArchive(plain.url);
      const proof = await proveFromArchive(archive, { index: 70_000 });
      expect(await verifyProof(proof, trust())).toMatchObject({ ok: true });
      expect(plain.asked).toHaveLength(4);
    } finally {
      await plain.close();
    }
  });

  it.each([0, 1, 255, 256, 65_535, 65_536, 100_000, LEAVES - 1])(
    "proves leaf %i from one bundle and at most ceil(log256 n) tiles",
    async (index) => {
      const archive = new HttpArchive(server.url);
      const proof = await proveFromArchive(archive, { index });
      const verdict = await verifyProof(proof, trust());
      expect(verdict.facts.batches[0]).toMatchObject({ leaves: 1, leafCount: LEAVES });
      const [tiles, bundles] = ["tiles/", "leaves/"].map((start) => asked(start));
      expect(bundles).toHaveLength(1);
      expect(tiles?.length).toBeLessThanOrEqual(Math.ceil(Math.log(LEAVES) / Math.log(256)));
      expect(server.asked).toHaveLength(1 + 1 + (tiles?.length ?? 0));
      const bytes = server.asked.reduce((sum, path) => sum + (files.get(path)?.length ?? 0), 0);
      expect(archive.traffic).toEqual({ requests: server.asked.length, bytes });
    },
  );

  it("proves a leaf by its key, and that there is none of another key", async () => {
    const proof = await proveFromArchive(new HttpArchive(server.url), { activityKey: keyAt(123_456) });
    expect(await verifyProof(proof, trust())).toMatchObject({ ok: true, facts: { kind: "act" } });
    expect(asked("leaves/").length).toBeLessThanOrEqual(2);
    const stranger = keyAt(123_456).with(31, 0).with(30, 0) as ActivityKey;
    const absent = proveFromArchive(new HttpArchive(server.url), { activityKey: stranger });
    await expect(absent).rejects.toMatchObject({ code: "verify.absent" });
    await expect(absent).rejects.toThrow(toHex(stranger));
    expect(await faultOf(proveFromArchive(new HttpArchive(server.url), { index: LEAVES }))).toBe(
      "archive.index",
    );
  });

  it("sends a key where it has one, and asks for bytes as they are", async () => {
    const seen: unknown[] = [];
    server.prank = ({ headers }) => {
      seen.push([headers.authorization, headers.range, headers["accept-encoding"]]);
      return false;
    };
    await new HttpArchive(server.url, { authorization: "Bearer mt_1" }).read("leaves/000", BUNDLE_BYTES);
    await new HttpArchive(server.url).read("leaves/000", BUNDLE_BYTES);
    expect(seen).toEqual([
      ["Bearer mt_1", "bytes=0-45823", "identity"],
      [undefined, "bytes=0-45823", "identity"],
    ]);
  });

  it.each([
    "ftp://example.org/a",
    "example.org/a",
    "",
    "https://example.org/a?b=c",
    "https://example.org/a#b",
    "https://user:secret@example.org/a",
    "file:///etc",
    "data:,a",
  ])("does not stand at %j", (address) => {
    expect(() => new HttpArchive(address)).toThrowError(refusedFor("archive.address"));
  });
});

describe("a server that means ill, or is ill", () => {
  const range = (response: ServerResponse, head: string, body: Uint8Array): true => {
    response.writeHead(206, { "Content-Range": head }).end(body);
    return true;
  };
  /** Never ends; what was sent before the client went away is counted. */
  const endless = (response: ServerResponse, sent: { bytes: number }): true => {
    const pump = (): void => {
      while (!response.destroyed) {
        sent.bytes += 65_536;
        if (!response.write(new Uint8Array(65_536))) return;
      }
    };
    response.on("drain", pump);
    pump();
    return true;
  };
  const read = (): Promise<Uint8Array> => new HttpArchive(server.url, quick).read("leaves/000", BUNDLE_BYTES);

  it.each<[string, string, Prank]>([
    ["another range", "archive.http", (_, r, f) => range(r, "bytes 1-45824/99999", f)],
    ["a range without its head", "archive.http", (_, r, f) => (r.writeHead(206).end(f), true)],
    ["a range that is none", "archive.http", (_, r, f) => range(r, "bytes */45824", f)],
    ["a range in other units", "archive.http", (_, r, f) => range(r, "lines 0-45823/45824", f)],
    ["a longer range", "archive.http", (_, r, f) => range(r, "bytes 0-45824/45825", f)],
    ["a shorter range of the file", "archive.http", (_, r, f) => range(r, "bytes 0-9/45824", f.subarray(10))],
    ["a longer file", "archive.length", (_, r, f) => range(r, "bytes 0-45823/45825", f)],
    ["fewer bytes than announced", "archive.http", (_, r, f) => range(r, "bytes 0-45823/45824", f.slice(1))],
    ["more than announced", "archive.length", (_, r) => range(r, "bytes 0-9/10", new Uint8Array(11))],
    ["a whole file that is longer", "archive.length", (_, r) => (r.writeHead(200).end(more()), true)],
    [
      "a whole file that is said to be longer",
      "archive.length",
      (_, r) => (r.writeHead(200, { "Content-Length": 45_825 }).end(more()), true),
    ],
    ["an empty file", "archive.length", (_, r) => (r.writeHead(416).end(), true)],
    ["nothing", "archive.missing", (_, r) => (r.writeHead(410).end(), true)],
    ["no leave", "archive.http", (_, r) => (r.writeHead(403).end(), true)],
    ["an odd answer", "archive.http", (_, r) => (r.writeHead(203).end(), true)],
    [
      "a small body that is large when it is unpacked",
      "archive.length",
      (_, r) => {
        r.writeHead(200, { "Content-Encoding": "gzip" }).end(BOMB);
        return true;
      },
    ],
    [
      "a body that is not compressed as it says",
      "archive.unavailable",
      (_, r, f) => {
        const head = { "Content-Range": "bytes 0-45823/45824", "Content-Encoding": "gzip" };
        r.writeHead(206, head).end(f);
        return true;
      },
    ],
  ])("that sends %s is refused: %s", async (_, expected, prank) => {
    server.prank = prank;
    expect(await faultOf(read())).toBe(expected);
  });

  it("that redirects is refused, and nobody else is asked", async () => {
    const stranger = await startStaticServer(files);
    try {
      for (const status of [301, 302, 303, 307, 308]) {
        server.prank = (_, response) => {
          response.writeHead(status, { Location: `${stranger.url}/leaves/000` }).end();
          return true;
        };
        await expect(read()).rejects.toMatchObject({ code: "archive.http" });
        await expect(read()).rejects.toThrow("another address");
      }
      expect(stranger.asked).toEqual([]);
    } finally {
      await stranger.close();
    }
  });

  it.each([200, 206])("that never ends with %i is cut off soon after the file's length", async (status) => {
    const sent = { bytes: 0 };
    server.prank = (_, response) => {
      response.writeHead(status, status === 206 ? { "Content-Range": "bytes 0-45823/45824" } : {});
      return endless(response, sent);
    };
    const archive = new HttpArchive(server.url, quick);
    expect(await faultOf(archive.read("leaves/000", BUNDLE_BYTES))).toBe("archive.length");
    expect(archive.traffic.requests).toBe(1);
    expect(archive.traffic.bytes).toBeLessThan(BUNDLE_BYTES + 200_000);
    // What was under way in the buffers of both sides.
    expect(sent.bytes).toBeLessThan(20_000_000);
  });

  it("that sends a manifest without end is cut off", async () => {
    const sent = { bytes: 0 };
    server.prank = (_, response) => {
      response.writeHead(200);
      return endless(response, sent);
    };
    const archive = new HttpArchive(server.url, { ...quick, timeoutMilliseconds: 20_000 });
    expect(await faultOf(verifyArchive(archive, null))).toBe("archive.length");
    expect(archive.traffic.bytes).toBeLessThan(18 * 2 ** 20);
  });

  it("that is silent, or sends drop by drop, is given up", async () => {
    server.prank = () => true;
    expect(await faultOf(read())).toBe("archive.unavailable");
    server.prank = (_, response) => {
      response.writeHead(206, { "Content-Range": "bytes 0-45823/45824" });
      const drops = setInterval(() => response.write("a"), 20);
      response.on("close", () => clearInterval(drops));
      return true;
    };
    expect(await faultOf(read())).toBe("archive.unavailable");
    expect(server.asked).toHaveLength(2);
  });

  it("that breaks off or is busy is asked again, as often as may be", async () => {
    let times = 0;
    server.prank = (_, response, file) => {
      times += 1;
      if (times % 2 === 1) response.writeHead(503, { "Retry-After": "0" }).end();
      else if (times === 2) {
        response.writeHead(206, { "Content-Length": file.length, "Content-Range": "bytes 0-45823/45824" });
        response.write(file.subarray(0, 100));
        response.socket?.destroy();
      } else return false;
      return true;
    };
    expect(await read()).toEqual(files.get("leaves/000"));
    expect(server.asked).toHaveLength(4);
    server.asked.length = 0;
    server.prank = (_, response) => (response.writeHead(429).end(), true);
    expect(await faultOf(read())).toBe("archive.unavailable");
    expect(server.asked).toHaveLength(5);
    await server.close();
    expect(await faultOf(read())).toBe("archive.unavailable");
    server = await startStaticServer(files);
  });

  it("that changes a byte anywhere is found out", async () => {
    const change = (wanted: string, at: number): Prank => {
      return (request, response, file) => {
        if (!request.url?.endsWith(wanted)) return false;
        return range(
          response,
          `bytes 0-${String(file.length - 1)}/${String(file.length)}`,
          file.with(at, (file[at] as number) ^ 1),
        );
      };
    };
    const verify = () => faultOf(verifyArchive(new HttpArchive(server.url), trust()));
    for (const [path, at, expected] of [
      ["leaves/300", 140, /^archive\.(?:tile|commitment)$/],
      ["leaves/512", 1, /^archive\./],
      ["tiles/1/000", 9, /^archive\.tile$/],
      ["tiles/2/000", 0, /^archive\.tile$/],
      ["manifest.json", 100, /./],
    ] as const) {
      server.prank = change(path, at);
      expect(await verify()).toMatch(expected);
    }
    server.prank = change("tiles/1/000", 9);
    const proof = proveFromArchive(new HttpArchive(server.url), { index: 1000 });
    expect(await faultOf(proof.then((bytes) => verifyProof(bytes, trust())))).toMatch(/^proof\./);
  });

  it("that sends another batch's archive is found out by its id", async () => {
    const other = { mode: "root", batches: [{ batchId: toHex(new Uint8Array(32)) as BatchId }] } as const;
    expect(await faultOf(verifyArchive(new HttpArchive(server.url), other))).toBe("verify.root");
  });
});

const asked = (start: string): string[] => server.asked.filter((path) => path.startsWith(start));
const more = (): Uint8Array => new Uint8Array(BUNDLE_BYTES + 1);

/** The code of what a promise fails with; null where it does not. */
async function faultOf(promise: Promise<unknown>): Promise<string | null> {
  try {
    await promise;
    return null;
  } catch (error) {
    return (error as { code: string }).code;
  }
}
