import { execFileSync } from "node:child_process";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { leafNodes } from "../../../src/kernel/leafNodes.ts";
import { sharedKernel } from "../../../src/kernel/sharedKernel.ts";
import { HashWorkers } from "../../../src/kernel/workers/hashWorkers.ts";
import type { SentNodes } from "../../../src/kernel/workers/leafChunk.ts";
import { webPort } from "../../../src/kernel/workers/webPort.ts";
import { firstDifference } from "./support/kernels.ts";
import { leavesWithSizes, setSize } from "./support/sizes.ts";
import { WebWorker } from "./support/webWorker.ts";

/** Of a page without the worker's file. */
class NoFile {
  addEventListener(type: string, listener: (event: object) => void): void {
    if (type === "error") setTimeout(() => listener({}), 1);
  }
}
/** Of a page whose policy allows no workers. */
function Forbidden(): never {
  throw new Error("SecurityError");
}

const leaves = leavesWithSizes(Array.from({ length: 30_001 }, (_, i) => BigInt(i + 1)));

describe.each([1, 2, 3])("%i workers", (count) => {
  let workers: HashWorkers;
  beforeAll(async () => {
    workers = await HashWorkers.start(count);
  });
  afterAll(() => workers.close());

  it.each([0, 8, 12])("make the nodes of one thread, %i levels up", async (height) => {
    for (const n of [0, 1, 2, 4096, 4097, 8193, 30_001]) {
      const some = leaves.subarray(0, 179 * n);
      const [serial, parallel] = [room(n, height), room(n, height)];
      expect(leafNodes(sharedKernel(), some, serial, height)).toBeNull();
      expect(await workers.leafNodes(some, parallel, height)).toBeNull();
      expect(firstDifference(parallel, serial)).toBeNull();
    }
  });

  it("take several calls at a time", async () => {
    const serial = room(30_001, 0);
    leafNodes(sharedKernel(), leaves, serial);
    const outs = [room(30_001, 0), room(30_001, 0), room(30_001, 0)];
    await Promise.all(outs.map((out) => workers.leafNodes(leaves, out)));
    for (const out of outs) expect(firstDifference(out, serial)).toBeNull();
  });

  it("report the first of several faults", async () => {
    const faulty = leaves.slice();
    setSize(faulty, 179 * 29_000 + 161, 0n);
    setSize(faulty, 179 * 9001 + 161, 2n ** 63n);
    setSize(faulty, 179 * 9000 + 161, 0n);
    const fault = { kind: "zero-size", level: 0, index: 9000 };
    expect(await workers.leafNodes(faulty, room(30_001, 0))).toEqual(fault);
    setSize(faulty, 179 * 9000 + 161, 2n ** 62n);
    setSize(faulty, 179 * 9001 + 161, 2n ** 62n);
    const sum = { kind: "too-large", level: 1, index: 4500 };
    expect(await workers.leafNodes(faulty, room(30_001, 8), 8)).toEqual(sum);
    expect(leafNodes(sharedKernel(), faulty, room(30_001, 8), 8)).toEqual(sum);
    expect(await workers.leafNodes(leaves, room(30_001, 0))).toBeNull();
  });

  it("refuse lengths that don't agree", async () => {
    await expect(workers.leafNodes(new Uint8Array(180), room(2, 0))).rejects.toThrow(RangeError);
    await expect(workers.leafNodes(leaves, room(30_000, 0))).rejects.toThrow(RangeError);
    await expect(workers.leafNodes(leaves, room(30_001, 0), 13)).rejects.toThrow(RangeError);
  });
});

describe("hashing workers", () => {
  afterEach(() => {
    vi.unstubAllGlobals();
  });

  it("are at least one", async () => {
    for (const count of [0, -1, 1.5]) await expect(HashWorkers.start(count)).rejects.toThrow(RangeError);
  });

  it("fail what is under way when they are closed, and what comes later", async () => {
    const workers = await HashWorkers.start(2);
    const underWay = workers.leafNodes(leaves, room(30_001, 0));
    const closed = workers.close();
    await expect(underWay).rejects.toThrow("were closed");
    await closed;
    await expect(workers.leafNodes(leaves, room(30_001, 0))).rejects.toThrow("were closed");
  });

  it("keep a process alive until they have answered, and no longer", () => {
    const program = `
      import { HashWorkers } from "./src/kernel/workers/hashWorkers.ts";
      const workers = await HashWorkers.start(2);
      const leaves = new Uint8Array(179 * 9000).fill(1);
      workers.leafNodes(leaves, new Uint8Array(40 * 9000)).then((fault) => console.log("fault", fault));
    `;
    const output = execFileSync("node", ["--eval", program], { encoding: "utf8", timeout: 300_000 });
    expect(output).toBe("fault null\n");
  });

  it("work as Web Workers", async () => {
    vi.stubGlobal("Worker", WebWorker);
    const sent = leaves.slice(0, 179 * 5);
    const { promise, resolve, reject } = Promise.withResolvers<SentNodes>();
    const port = await webPort({ onAnswer: resolve, onError: reject });
    port.send({ id: 7, leaves: sent, height: 1 });
    const answer = await promise;
    await port.end();
    const serial = room(5, 1);
    leafNodes(sharedKernel(), leaves.subarray(0, 179 * 5), serial, 1);
    expect(sent.length).toBe(0);
    expect(answer).toEqual({ id: 7, nodes: serial, fault: null, leaves: leaves.slice(0, 179 * 5) });
  });

  it("say so where a Web Worker fails", async () => {
    vi.stubGlobal("Worker", WebWorker);
    const { promise, resolve } = Promise.withResolvers<Error>();
    const port = await webPort({ onAnswer: () => {}, onError: resolve });
    port.send({ id: 0, leaves: new Uint8Array(178), height: 0 });
    expect((await promise).message).toMatch(/hashing worker failed: .*178 bytes/);
  });

  it.each([
    ["can't be loaded", NoFile],
    ["may not be started", Forbidden],
  ])("refuse to start where a Web Worker %s", async (_, WorkerClass) => {
    vi.stubGlobal("Worker", WorkerClass);
    await expect(webPort({ onAnswer: () => {}, onError: () => {} })).rejects.toThrow(Error);
  });
});

function room(count: number, height: number): Uint8Array {
  return new Uint8Array(40 * Math.ceil(count / 2 ** height));
}
