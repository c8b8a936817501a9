import type { TenantId } from "../../../base/types/ids.ts";
import type { UnixSeconds } from "../../../base/types/quantities.ts";
import { canonicalJson } from "../../../format/canonicalJson.ts";
import { checkEvent, type EventFact } from "../../../events/events.ts";
import type { Session } from "../engine/database.ts";

/** An event to be recorded. Where no time is given it is the database's own. */
export type NewEvent = EventFact & { readonly occurredAt?: UnixSeconds };

/**
 * Records that something happened, in the transaction that makes it so; call it last there, since the
 * tenant's other recordings wait from here to the commit. That waiting is what numbers events in the order of
 * their commits, without gaps: whoever has read up to N misses nothing.
 * @throws InputError `event.unknown`, `event.data`
 */
export async function recordEvent(tx: Session, tenant: TenantId, event: NewEvent): Promise<void> {
  const { type, data } = checkEvent(event.type, event.data);
  await tx.query(
    `WITH next AS (
       INSERT INTO event_sequences AS s (tenant, last) VALUES ($1, 1) ON CONFLICT (tenant) DO UPDATE
       SET last = s.last + 1 RETURNING last)
     INSERT INTO events (tenant, sequence, type, data, occurred_at)
     SELECT $1, last, $2, $3, coalesce($4::bigint, floor(extract(epoch FROM clock_timestamp()))::bigint)
     FROM next`,
    [tenant, type, canonicalJson(data), event.occurredAt ?? null],
  );
  tx.announce(eventTopic(tenant));
  tx.announce(RECORDED);
}

/** What is announced when an event of any tenant was recorded. */
export const RECORDED = "events";

/** What is announced when an event of this tenant was recorded. */
export function eventTopic(tenant: TenantId): string {
  return `events/${tenant}`;
}
