import { z } from "zod";
import { InputError } from "../base/errors/errors.ts";
import { PURPOSES } from "../base/types/retirement.ts";
import { COUNTRY_CODE, DIGITS_19, PROVIDER_ID, REGION_CODE, WORD32 } from "../base/lib/textPatterns.ts";

/**
 * What integrators are told about: the closed list of event types, and the JSON of each one's `data`. Plain
 * strings and numbers throughout, so that an OpenAPI document can carry the schemas as they are. Ids and
 * masses only: no schema has room for a name, a record id or a subject.
 */

const word32 = z.string().regex(WORD32);
const milligrams = z.string().regex(DIGITS_19);
const region = z.string().regex(REGION_CODE);
const endpointId = z.string().regex(/^ep_[0-9a-f]{32}$/);
const count = z.int().min(0);

const retired = z.strictObject({
  retirementId: word32,
  milligrams,
  /** Unix seconds of the block. */
  retiredAt: z.int().min(0),
  /** Serial ranges [start, end) in milligrams, batch by batch. */
  lines: z.array(z.strictObject({ batchId: word32, start: milligrams, end: milligrams })).min(1),
});

export const EVENT_DATA = {
  /** A file was read to its end; rowsRead = accepted + rejected + duplicate. */
  "ingest.finished": z.strictObject({
    ingestId: z.string().regex(/^[1-9][0-9]{0,18}$/),
    provider: z.string().regex(PROVIDER_ID),
    rowsRead: count,
    accepted: count,
    rejected: count,
    duplicate: count,
    /** Of the accepted ones. */
    milligrams,
  }),
  /** A closing ended in a batch: its bytes are fixed, the chain does not know it yet. */
  "batch.sealed": z.strictObject({
    batchId: word32,
    region,
    vintage: z.int().min(0),
    leafCount: count,
    root: word32,
    totalMilligrams: milligrams,
    bufferMilligrams: milligrams,
  }),
  /** The chain has taken the batch under its verifiers' signatures, finally. */
  "batch.committed": z.strictObject({ batchId: word32 }),
  /** Its credits are on chain, finally. */
  "batch.minted": z.strictObject({ batchId: word32, mintedMilligrams: milligrams }),
  /** A retirement was entered and the chain is being asked for it. */
  "retirement.requested": z.strictObject({
    retirementId: word32,
    milligrams,
    purpose: z.enum(PURPOSES),
    reportingYear: z.int().min(0),
    country: z.string().regex(COUNTRY_CODE),
    batches: z.array(z.strictObject({ batchId: word32, milligrams })).min(1),
  }),
  /** The retirement stands on chain, finally. */
  "retirement.final": retired,
  /**
   * A reorganised chain gave a final retirement another time or other ranges; these are the ones that count.
   */
  "retirement.revised": retired,
  /** The chain refused the retirement. It may be asked for again, and be final later. */
  "retirement.failed": z.strictObject({ retirementId: word32 }),
  /** A webhook endpoint gets nothing more: its receiver answered 410, or failed for days. */
  "endpoint.disabled": z.strictObject({ endpointId, reason: z.enum(["gone", "failing"]) }),
} as const;

export type EventType = keyof typeof EVENT_DATA;
export const EVENT_TYPES = Object.keys(EVENT_DATA) as readonly EventType[];
export type EventData<T extends EventType = EventType> = z.output<(typeof EVENT_DATA)[T]>;

/** A type with the data that belongs to it. */
export type EventFact = { [T in EventType]: { readonly type: T; readonly data: EventData<T> } }[EventType];

/** What `sendTestEvent` sends to one endpoint, with its `endpointId`; it is in nobody's list of events. */
export const TEST_EVENT_TYPE = "endpoint.test";

/**
 * The body of a webhook, and of an event wherever one is handed out. `sequence` is the event's number in the
 * tenant's list, as a decimal string; null for a test. `timestamp` is when it happened, ISO 8601 in UTC.
 */
export const EVENT_ENVELOPE = z.strictObject({
  type: z.string(),
  timestamp: z.string(),
  sequence: z.string().nullable(),
  data: z.record(z.string(), z.unknown()),
});
export type EventEnvelope = z.output<typeof EVENT_ENVELOPE>;

/**
 * Holds an event against the list.
 * @throws InputError `event.unknown`, `event.data` naming the field; values are not repeated
 */
export function checkEvent(type: string, data: unknown): EventFact {
  const schema = Object.hasOwn(EVENT_DATA, type) ? EVENT_DATA[type as EventType] : null;
  if (schema === null)
    throw new InputError("event.unknown", `${JSON.stringify(type.slice(0, 80))} is no type of event.`);
  const outcome = schema.safeParse(data);
  if (!outcome.success) {
    const issue = outcome.error.issues[0];
    const field = issue === undefined || issue.path.length === 0 ? "its top" : issue.path.join(".");
    throw new InputError(
      "event.data",
      `The data of an event of type ${type} breaks its schema at ${field}: ${issue?.code ?? "unknown"}.`,
    );
  }
  return { type, data: outcome.data } as EventFact;
}
