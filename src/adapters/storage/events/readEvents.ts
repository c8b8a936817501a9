import type { TenantId } from "../../../base/types/ids.ts";
import type { UnixSeconds } from "../../../base/types/quantities.ts";
import type { EventFact } from "../../../events/events.ts";
import type { Session } from "../engine/database.ts";

/** An event as it was recorded, with its number in the tenant's list: 1, 2, 3, … */
export type StoredEvent = EventFact & { readonly sequence: bigint; readonly occurredAt: UnixSeconds };

/** Columns of `events` that a `StoredEvent` is made of. */
const EVENT_COLUMNS = "sequence, type, data, occurred_at";

export interface EventRow {
  readonly sequence: bigint;
  readonly type: string;
  readonly data: string;
  readonly occurred_at: bigint;
}

/** The tenant's events behind number `after` (0 for all that are kept), in order, at most `limit` of them. */
export async function readEvents(
  db: Session,
  tenant: TenantId,
  { after, limit }: { readonly after: bigint; readonly limit: number },
): Promise<StoredEvent[]> {
  const rows = await db.query<EventRow>(
    `SELECT ${EVENT_COLUMNS} FROM events WHERE tenant = $1 AND sequence > $2 ORDER BY sequence LIMIT $3`,
    [tenant, after, limit],
  );
  return rows.map((row) => storedEvent(row));
}

/**
 * Where the tenant's list begins and ends. `first` is the oldest event that is kept, one more than `last`
 * where none is; `last` is the newest one ever recorded, 0 before the first. A reader whose `after` is below
 * `first - 1` has missed events that were pruned.
 */
export async function eventRange(db: Session, tenant: TenantId): Promise<{ first: bigint; last: bigint }> {
  const [row] = await db.query<{ last: bigint; first: bigint | null }>(
    `SELECT coalesce((SELECT last FROM event_sequences WHERE tenant = $1), 0)::bigint AS last,
            (SELECT min(sequence) FROM events WHERE tenant = $1) AS first`,
    [tenant],
  );
  const last = row?.last ?? 0n;
  return { first: row?.first ?? last + 1n, last };
}

function storedEvent(row: EventRow): StoredEvent {
  const fact = { type: row.type, data: JSON.parse(row.data) as unknown } as EventFact;
  return { ...fact, sequence: row.sequence, occurredAt: Number(row.occurred_at) as UnixSeconds };
}
