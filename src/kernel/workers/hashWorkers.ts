import { checkRoom, NODE_BYTES, nodesAbove, WINDOW_NODES } from "../climb.ts";
import { itemCount } from "../itemCount.ts";
import { LEAF_BYTES } from "../leafNodes.ts";
import { sharedKernel } from "../sharedKernel.ts";
import type { SumFault } from "../sumFault.ts";
import { hashChunk, type NodeChunk, type SentNodes } from "./leafChunk.ts";
import { openPort } from "./openPort.ts";
import type { WorkerPort } from "./workerPort.ts";

/** Chunks that a worker has at a time, so that it need not wait for the next one. */
const CHUNKS_AHEAD = 2;

interface Pending {
  readonly resolve: (answer: SentNodes) => void;
  readonly reject: (error: Error) => void;
}

/** One worker with what it still owes. */
interface Seat {
  readonly port: WorkerPort;
  readonly pending: Map<number, Pending>;
}

/**
 * Workers that hash leaves, or the calling thread alone. Idle workers keep no process alive; workers that
 * have something to do keep it until they have answered.
 */
export class HashWorkers {
  readonly #seats: Seat[] = [];
  /** Memory that came back from workers. */
  readonly #spare: ArrayBuffer[] = [];
  #nextId = 0;
  #failure: Error | undefined;

  private constructor() {}

  /**
   * Starts `count` workers; with 1, none: the calling thread hashes.
   * @throws RangeError for less than 1; Error where the platform lets us start none
   */
  static async start(count: number): Promise<HashWorkers> {
    if (!Number.isInteger(count) || count < 1) throw new RangeError("There is at least one worker.");
    const workers = new HashWorkers();
    if (count === 1) return workers;
    const opened = await Promise.allSettled(Array.from({ length: count }, () => workers.#open()));
    const failed = opened.find((one) => one.status === "rejected");
    if (failed === undefined) return workers;
    // Those that did start have their seats by now.
    await workers.close();
    throw failed.reason;
  }

  /**
   * `leafNodes` in chunks of 4,096 leaves: same nodes, same order, same fault. `leaves` must not change until
   * the promise settles. Memory beside `leaves` and `out`: 0.9 MB for each chunk under way, two a worker.
   * @throws RangeError where the lengths don't agree, Error where a worker failed and after `close`
   */
  async leafNodes(leaves: Uint8Array, out: Uint8Array, height = 0): Promise<SumFault | null> {
    const count = itemCount(leaves, LEAF_BYTES, "leaves");
    checkRoom(count, out, height, 0);
    const faults = new Map<number, SumFault>();
    let next = 0;
    // Chunks are taken in order, so that none before a faulty one is left out.
    const takeChunks = async (): Promise<void> => {
      while (next < count && faults.size === 0) {
        const first = next;
        next = Math.min(count, first + WINDOW_NODES);
        const chunk = leaves.subarray(first * LEAF_BYTES, next * LEAF_BYTES);
        const { nodes, fault } = await this.#hash(chunk, height);
        if (fault === null) out.set(nodes, nodesAbove(first, height) * NODE_BYTES);
        else faults.set(first, { ...fault, index: first / 2 ** fault.level + fault.index });
      }
    };
    const underWay = Math.max(1, this.#seats.length * CHUNKS_AHEAD);
    await Promise.all(Array.from({ length: underWay }, takeChunks));
    return faults.get(Math.min(...faults.keys())) ?? null;
  }

  /** Ends the workers. What is under way fails. */
  async close(): Promise<void> {
    this.#fail(new Error("The hashing workers were closed."));
    await Promise.all(this.#seats.map(({ port }) => port.end()));
  }

  async #open(): Promise<void> {
    const pending = new Map<number, Pending>();
    const port = await openPort({
      onAnswer: (answer) => {
        pending.get(answer.id)?.resolve(answer);
        pending.delete(answer.id);
        if (pending.size === 0) port.hold(false);
      },
      onError: (error) => {
        this.#fail(error);
      },
    });
    this.#seats.push({ port, pending });
  }

  /** One chunk, by the worker with the least to do. */
  async #hash(leaves: Uint8Array, height: number): Promise<NodeChunk> {
    if (this.#failure !== undefined) throw this.#failure;
    const id = this.#nextId++;
    const seat = this.#seats.toSorted((a, b) => a.pending.size - b.pending.size)[0];
    if (seat === undefined) return hashChunk(sharedKernel(), { id, leaves, height });
    const answer = await new Promise<SentNodes>((resolve, reject) => {
      seat.pending.set(id, { resolve, reject });
      seat.port.hold(true);
      seat.port.send({ id, leaves: this.#copy(leaves), height });
    });
    this.#spare.push(answer.leaves.buffer);
    return answer;
  }

  #copy(leaves: Uint8Array): Uint8Array<ArrayBuffer> {
    const spare = this.#spare.pop();
    const fits = spare !== undefined && spare.byteLength >= leaves.length;
    const copy = new Uint8Array(fits ? spare : new ArrayBuffer(leaves.length), 0, leaves.length);
    copy.set(leaves);
    return copy;
  }

  /** Without one of its workers the rest is of no use either. The first failure stays. */
  #fail(error: Error): void {
    this.#failure ??= error;
    for (const { pending } of this.#seats) {
      for (const { reject } of pending.values()) reject(this.#failure);
      pending.clear();
    }
  }
}
