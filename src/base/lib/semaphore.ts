/**
 * So many are at something at a time; whoever asks waits behind all who asked before. Where each tenant has
 * one thing going on at a time and takes a turn for each short piece of it, a tenant's next piece waits for
 * at most a piece or two of each other one, however much they have still to do.
 */
export class Semaphore {
  readonly #most: number;
  #running = 0;
  readonly #waiting: (() => void)[] = [];

  /** @param most at a time, at least 1 */
  constructor(most: number) {
    this.#most = most;
  }

  /**
   * Waits for a turn; returns what ends it, to be called once. Must not be called from within a turn: all
   * turns may be taken by those who wait for one.
   */
  async enter(): Promise<() => void> {
    if (this.#running < this.#most) this.#running += 1;
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
    return () => {
      // The turn is handed over, so that nobody who comes just now gets it before those who wait.
      const next = this.#waiting.shift();
      if (next) next();
      else this.#running -= 1;
    };
  }

  /** Does a piece of work in a turn of its own, as `enter`. @throws as `work` */
  async take<T>(work: () => Promise<T>): Promise<T> {
    const leave = await this.enter();
    try {
      return await work();
    } finally {
      leave();
    }
  }
}
