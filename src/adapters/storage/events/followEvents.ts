import { setTimeout as sleep } from "node:timers/promises";
import type { TenantId } from "../../../base/types/ids.ts";
import type { Database } from "../engine/database.ts";
import { readEvents, type StoredEvent } from "./readEvents.ts";
import { eventTopic } from "./recordEvent.ts";

const POLL_MS = 1_000;
const EVENTS_PER_PAGE = 100;

export interface FollowOptions {
  /** The number of the last event that the reader has; 0 for all that are kept. */
  readonly after: bigint;
  /** Ends the iteration, without an error. */
  readonly signal: AbortSignal;
  /**
   * How often the table is looked at without being woken: what other processes record is seen this late.
   * 1,000 where not given.
   */
  readonly pollMilliseconds?: number;
}

/**
 * A tenant's events from a number on, one by one, for as long as the reader wants them; what this process
 * records comes at once. At most a hundred are held for a reader, however slow it is.
 * @throws UnavailableError `storage.unavailable`; the reader begins again behind the last event that it got
 */
export async function* followEvents(
  db: Database,
  tenant: TenantId,
  options: FollowOptions,
): AsyncIterable<StoredEvent> {
  const { signal, pollMilliseconds = POLL_MS } = options;
  let { after } = options;
  let pause = new AbortController();
  const wake = (): void => pause.abort();
  // Listening begins before the table is read, so that nothing falls between the two.
  const stop = db.listen(eventTopic(tenant), wake);
  signal.addEventListener("abort", wake);
  try {
    while (!signal.aborted) {
      pause = new AbortController();
      const events = await readEvents(db, tenant, { after, limit: EVENTS_PER_PAGE });
      for (const event of events) {
        if (signal.aborted) return;
        yield event;
        after = event.sequence;
      }
      if (events.length < EVENTS_PER_PAGE) {
        await sleep(pollMilliseconds, undefined, { signal: pause.signal }).catch(() => undefined);
      }
    }
  } finally {
    stop();
    signal.removeEventListener("abort", wake);
  }
}
