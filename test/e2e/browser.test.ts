/** The kernel and the verifier, bundled as a web site would have them, in a real browser. */
import { spawn, spawnSync } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { build } from "vite";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { largeBatch } from "../../scripts/bench/samples/largeBatch.ts";
import { toHex } from "../../src/base/lib/bytes.ts";
import { ArchiveStream } from "../../src/format/archive/archiveStream.ts";
import { nodeBytes } from "../../src/format/batch/sumTree.ts";
import { SumTreeStream } from "../../src/format/batch/sumTreeStream.ts";
import type { BrowserReport } from "./support/browserPage.ts";
import { startSite, type Site } from "./support/startSite.ts";

/** Enough that the verifier starts workers. */
const LEAVES = 270_000;
const MINUTE = 60_000;
const PROGRAMS = ["chromium", "chromium-browser", "google-chrome"];
const program = PROGRAMS.find((name) => spawnSync("which", [name]).status === 0);

describe.skipIf(program === undefined)(`in a browser (one of ${PROGRAMS.join(", ")})`, () => {
  const files = new Map<string, Uint8Array>();
  let folder: string;
  let site: Site;
  /** Of the sum tree, made by Node: size and hash. */
  let root: string;
  let report: BrowserReport;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "microtonne-browser-"));
    root = await archiveInto(files);
    await bundleInto(join(folder, "site"));
    site = await startSite(join(folder, "site"), files);
    report = await reportOf(site, join(folder, "profile"));
  }, 5 * MINUTE);
  afterAll(async () => {
    await site.close();
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  });

  it("the kernel makes the same root with vectors, without, and in Web Workers", () => {
    expect(report).not.toHaveProperty("failure");
    expect(report.simd).toBe(true);
    expect(report.roots).toEqual([root, root, root]);
  });

  it("the verifier recomputes an archive over the network, in Web Workers, and says how far it is", () => {
    expect(report.verdict).toMatchObject({
      ok: true,
      facts: { kind: "archive", batches: [{ leaves: LEAVES, root: `0x${root.slice(18)}` }] },
    });
    expect(report.traffic).toMatchObject({ requests: files.size - 1 });
    expect(report.progress.at(-1)).toBe(LEAVES);
    expect(report.progress).toEqual(report.progress.toSorted((a, b) => a - b));
    expect(report.progress.length).toBeGreaterThan(10);
    // Two of the page's own and two of the verifier's.
    expect(report.workers).toHaveLength(4);
    for (const address of report.workers) expect(address).toMatch(/\/assets\/webWorker-[^/]+\.js$/);
  });

  it("one leaf is proven from a few files", () => {
    expect(report.proof).toMatchObject({ ok: true, facts: { kind: "act", batches: [{ leaves: 1 }] } });
  });
});

/** The leaves' bytes as `/leaves`, their archive under `/some/archive/`. Returns the root. */
async function archiveInto(files: Map<string, Uint8Array>): Promise<string> {
  const batch = await largeBatch(LEAVES);
  const archive = new ArchiveStream({
    write: (path, bytes) => Promise.resolve(void files.set(`/some/archive/${path}`, bytes)),
  });
  const leaves = Buffer.concat([...batch.chunks()]);
  files.set("/leaves", leaves);
  await archive.push(leaves);
  files.set("/some/archive/manifest.json", batch.seal(await archive.finish()).bytes);
  const tree = new SumTreeStream();
  tree.pushLeaves(leaves);
  const { root: hash, total: size } = tree.finish();
  return toHex(nodeBytes({ hash, size }));
}

async function bundleInto(folder: string): Promise<void> {
  const page = resolve("test/e2e/support/browserPage.ts");
  await build({
    configFile: false,
    logLevel: "error",
    build: { outDir: folder, rolldownOptions: { input: page, output: { entryFileNames: "page.js" } } },
  });
  await writeFile(join(folder, "index.html"), '<script type="module" src="page.js"></script>');
}

/** Opens the site's page; nothing of a user's own browser is touched. */
async function reportOf({ origin, report }: Site, profile: string): Promise<BrowserReport> {
  const flags = ["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-dev-shm-usage"];
  const child = spawn(program as string, [...flags, `--user-data-dir=${profile}`, `${origin}/index.html`], {
    stdio: "ignore",
    detached: true,
  });
  const ended = new Promise((resolveEnded) => child.once("exit", resolveEnded));
  try {
    return JSON.parse(await report) as BrowserReport;
  } finally {
    // With the processes that it started: it leads their group.
    process.kill(-(child.pid as number), "SIGKILL");
    await ended;
  }
}
