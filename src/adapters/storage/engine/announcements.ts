/** Who listens for which topic in this process. */
export class Announcements {
  readonly #listeners = new Map<string, Set<() => void>>();

  /** Returns the function that stops listening, which is idempotent. */
  listen(topic: string, wake: () => void): () => void {
    const listeners = this.#listeners.get(topic) ?? new Set();
    this.#listeners.set(topic, listeners);
    // A function of its own, so that a listener that subscribes twice is woken twice and stops each by
    // itself.
    const listener = (): void => wake();
    listeners.add(listener);
    return () => {
      listeners.delete(listener);
      if (listeners.size === 0 && this.#listeners.get(topic) === listeners) this.#listeners.delete(topic);
    };
  }

  /** Wakes the listeners of each topic once. */
  publish(topics: Iterable<string>): void {
    for (const topic of new Set(topics)) for (const wake of this.#listeners.get(topic) ?? []) wake();
  }
}
