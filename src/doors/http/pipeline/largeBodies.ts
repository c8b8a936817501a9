import { Semaphore } from "../../../base/lib/semaphore.ts";
import { KIB } from "../../../base/lib/sizes.ts";

/** What is smaller is parsed and checked in a millisecond or two. */
const LARGE_BYTES = 64 * KIB;

/**
 * Keeps large bodies from being worked on in one go, however many have come at once: each has a round of the
 * event loop to itself, in the order they came, and whatever else waits has its turn between two of them.
 */
export class LargeBodies {
  readonly #rounds = new Semaphore(1);

  /** Waits for the round in which a body may be parsed and handed on; a small one's is this one. */
  async turn(bytes: number): Promise<void> {
    if (bytes <= LARGE_BYTES) return;
    const leave = await this.#rounds.enter();
    setImmediate(leave);
  }
}
