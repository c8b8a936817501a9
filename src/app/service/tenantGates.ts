import { UnavailableError } from "../../base/errors/errors.ts";
import type { TenantId } from "../../base/types/ids.ts";

/** How much work a tenant may have waiting behind what runs. */
const MOST_WAITING = 16;

/**
 * Lets each tenant do one thing of a kind at a time, in the order asked, so that one tenant's flood takes its own time and not the others'.
 */
export class TenantGates {
  readonly #last = new Map<TenantId, { done: Promise<unknown>; count: number }>();

  /** @throws UnavailableError `limit.waiting` where too much of the tenant's waits already; else as `work` */
  async run<T>(tenant: TenantId, work: () => Promise<T>): Promise<T> {
    const before = this.#last.get(tenant) ?? { done: Promise.resolve(), count: 0 };
    if (before.count > MOST_WAITING) {
      throw new UnavailableError(
        "limit.waiting",
        "Too many of your requests wait for each other. Send the next one when some have been answered.",
      );
    }
    const mine = before.done.then(work, work);
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
}
