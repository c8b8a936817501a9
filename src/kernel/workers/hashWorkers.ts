import { sharedKernel } from "../sharedKernel.ts";
import { hashChunk, type NodeChunk } from "./leafChunk.ts";
import { openPort } from "./openPort.ts";
import type { WorkerPort } from "./workerPort.ts";

/** Chunks that a worker has at a time, so that it need not wait for the next one. */
const CHUNKS_AHEAD = 2;

interface Pending {
  readonly resolve: (answer: NodeChunk) => void;
  readonly reject: (error: Error) => void;
}

/** One worker with what it still owes. */
interface Seat {
  readonly port: WorkerPort;
  readonly pending: Map<number, Pending>;
}

/**
 * Workers that hash leaves, or the calling thread alone. Idle workers keep no process alive; workers that have something
 * to do keep it until they have answered.
 */
export class HashWorkers {
  readonly #seats: Seat[] = [];
  /** Memory that came back from workers. */
  readonly #spare: ArrayBuffer[] = [];
  #nextId = 0;
  #failure: Error | undefined;

  private constructor() {}

  /** Starts `count` workers; with 1, none: the calling thread hashes. @throws RangeError for less than 1 */
  static async start(count: number): Promise<HashWorkers> {
    if (!Number.isInteger(count) || count < 1) throw new RangeError(`There are 1 or more workers, not ${String(count)}.`);
    const workers = new HashWorkers();
    if (count > 1) await Promise.all(Array.from({ length: count }, () => workers.#open()));
    return workers;
  }

  /** Chunks that are worth having under way together. */
  get capacity(): number {
    return Math.max(1, this.#seats.length * CHUNKS_AHEAD);
  }

  /**
   * `leafNodes` of one chunk, by the worker with the least to do. `leaves` may change as soon as this has returned, before
   * the answer is there. `take` gets the answer. @throws Error where a worker failed, and after `close`
   */
  async hash(leaves: Uint8Array, height: number, take: (answer: NodeChunk) => void): Promise<void> {
    if (this.#failure !== undefined) throw this.#failure;
    const seat = this.#seats.toSorted((a, b) => a.pending.size - b.pending.size)[0];
    if (seat === undefined) {
      take(hashChunk(sharedKernel(), { id: 0, leaves: new Uint8Array(leaves), height }));
      return;
    }
    const id = this.#nextId++;
    const answer = await new Promise<NodeChunk>((resolve, reject) => {
      seat.pending.set(id, { resolve, reject });
      seat.port.hold(true);
      seat.port.send({ id, leaves: this.#copy(leaves), height });
    });
    this.#spare.push(answer.leaves.buffer);
    take(answer);
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
