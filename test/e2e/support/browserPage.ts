/** Runs in a browser: hashes with both kernels, verifies the archive beside it, tells the server of it. */
import { toHex } from "../../../src/base/lib/bytes.ts";
import { HttpArchive, proveFromArchive, verifyArchive, verifyProof } from "../../../src/verify/index.ts";
import { Kernel } from "../../../src/kernel/kernel.ts";
import { leafNodes } from "../../../src/kernel/leafNodes.ts";
import { rootNode } from "../../../src/kernel/rootNode.ts";
import { HashWorkers } from "../../../src/kernel/workers/hashWorkers.ts";

/** What the page found out. */
export interface BrowserReport {
  readonly simd: boolean;
  /** Sum roots of the leaves at `/leaves`, 40 bytes in hex: with vectors, without, by two Web Workers. */
  readonly roots: readonly string[];
  readonly verdict: unknown;
  readonly proof: unknown;
  readonly traffic: unknown;
  /** Leaves that were told as done, in order. */
  readonly progress: readonly number[];
  /** Addresses of the Web Workers that were started, in order. */
  readonly workers: readonly string[];
}

interface Page {
  readonly location: { readonly origin: string };
  Worker: new (url: URL, options: object) => object;
}

const page = globalThis as unknown as Page;
const workers: string[] = [];
page.Worker = class extends page.Worker {
  constructor(url: URL, options: object) {
    super(url, options);
    workers.push(String(url));
  }
};

async function work(): Promise<BrowserReport> {
  const leaves = new Uint8Array(await (await fetch("/leaves")).arrayBuffer());
  const roots = [true, false].map((simd) => rootBy(new Kernel({ simd }), leaves));
  const hashing = await HashWorkers.start(2);
  const nodes = new Uint8Array(40 * Math.ceil(leaves.length / 179 / 4096));
  if ((await hashing.leafNodes(leaves, nodes, 12)) !== null) throw new Error("The workers found a fault.");
  roots.push(rootAbove(new Kernel(), nodes));
  await hashing.close();

  const progress: number[] = [];
  const archive = new HttpArchive(`${page.location.origin}/some/archive`);
  const verdict = await verifyArchive(archive, null, (done) => progress.push(done));
  const { traffic } = archive;
  const proof = await verifyProof(await proveFromArchive(archive, { index: 12_345 }), null);
  return { simd: new Kernel().simd, roots, verdict, proof, traffic, progress, workers };
}

function rootBy(kernel: Kernel, leaves: Uint8Array): string {
  const nodes = new Uint8Array(40 * Math.ceil(leaves.length / 179 / 4096));
  if (leafNodes(kernel, leaves, nodes, 12) !== null) throw new Error("The kernel found a fault.");
  return rootAbove(kernel, nodes);
}

function rootAbove(kernel: Kernel, nodes: Uint8Array): string {
  const root = new Uint8Array(40);
  if (rootNode(kernel, nodes, root) !== null) throw new Error("The kernel found a fault.");
  return toHex(root);
}

const report = await work().catch((error: unknown) => ({ failure: String(error) }));
await fetch("/report", { method: "POST", body: JSON.stringify(report) });
