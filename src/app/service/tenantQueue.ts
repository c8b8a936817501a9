import { setTimeout as sleep } from "node:timers/promises";
import { LimitError, StateError } from "../../base/errors/errors.ts";
import type { TenantId } from "../../base/types/ids.ts";

/** How much work a tenant may have waiting behind what runs. */
const MAX_WAITING = 16;

/**
 * Lets each tenant do one thing of a kind at a time, in the order asked, so that one tenant's flood takes its
 * own time and not the others'.
 */
export class TenantQueue {
  readonly #last = new Map<TenantId, { done: Promise<unknown>; count: number }>();

  /**
   * For those who can come again. @throws UnavailableError `limit.waiting` where too much of the tenant's
   * waits already
   */
  checkRoom(tenant: TenantId): void {
    if ((this.#last.get(tenant)?.count ?? 0) <= MAX_WAITING) return;
    throw new LimitError(
      "limit.waiting",
      "Too many of your requests wait for each other. Send the next one when some have been answered.",
    );
  }

  /**
   * @param gone ends when nobody waits for the outcome any more: work whose turn comes after that is left
   * undone
   * @throws StateError `request.gone`; else as `work`
   */
  async run<T>(tenant: TenantId, work: () => Promise<T>, gone?: AbortSignal): Promise<T> {
    const before = this.#last.get(tenant) ?? { done: Promise.resolve(), count: 0 };
    const mine = before.done.then(() => {
      if (gone?.aborted === true)
        throw new StateError("request.gone", "The client left before its turn came, so nothing was done.");
      return work();
    });
    // What failed is its caller's to know; the next in line only waits.
    const entry = { done: mine.catch(() => undefined), count: before.count + 1 };
    this.#last.set(tenant, entry);
    try {
      return await mine;
    } finally {
      const now = this.#last.get(tenant);
      if (now === entry) this.#last.delete(tenant);
      else if (now) now.count -= 1;
    }
  }

  /** Answers when nothing runs and nothing waits, or when that takes longer than `patience` milliseconds. */
  async idle(patience: number): Promise<void> {
    const over = new AbortController();
    const impatience = sleep(patience, undefined, { signal: over.signal }).catch(() => undefined);
    await Promise.race([this.#allDone(), impatience]);
    over.abort();
  }

  async #allDone(): Promise<void> {
    while (this.#last.size > 0) await Promise.all([...this.#last.values()].map(({ done }) => done));
  }
}
