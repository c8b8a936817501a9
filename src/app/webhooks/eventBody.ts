import type { StoredEvent } from "../../adapters/storage/events/readEvents.ts";
import { utcText } from "../../base/lib/time/calendar.ts";
import type { UnixSeconds } from "../../base/types/quantities.ts";
import { canonicalJson } from "../../format/canonicalJson.ts";
import { TEST_EVENT_TYPE, type EventEnvelope } from "../../events/events.ts";

/** An event as JSON for integrators: canonical, the same bytes each time. */
export function eventBody({ type, occurredAt, sequence, data }: StoredEvent): string {
  return bodyOf({ type, timestamp: utcText(occurredAt), sequence: sequence.toString(), data });
}

/** The body of a test of an endpoint. */
export function testBody(endpointId: string, at: UnixSeconds): string {
  return bodyOf({
    type: TEST_EVENT_TYPE,
    timestamp: utcText(at),
    sequence: null,
    data: { endpointId },
  });
}

const bodyOf = (envelope: EventEnvelope): string => canonicalJson(envelope);
