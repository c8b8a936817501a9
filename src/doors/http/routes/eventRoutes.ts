import { Readable } from "node:stream";
import { z } from "zod";
import {
  followTenantEvents,
  tenantEvents,
  type EventDescription,
} from "../../../app/service/tenantEvents.ts";
import { EVENT_TYPES } from "../../../events/events.ts";
import { HttpError } from "../pipeline/httpError.ts";
import { ok, route } from "../pipeline/route.ts";
import { timeText } from "../schemas/common.ts";
import { DIGITS_18 } from "../../../base/lib/textPatterns.ts";

const sequence = z.string().regex(DIGITS_18, "must be a decimal number");
const event = z
  .object({
    sequence: sequence.meta({ description: "Its number in your list: 1, 2, 3, … without gaps." }),
    type: z.enum(EVENT_TYPES as [string, ...string[]]),
    timestamp: timeText,
    data: z
      .record(z.string(), z.unknown())
      .meta({ description: "Ids and masses; see the guide on webhooks for each type." }),
  })
  .meta({ id: "Event" });
const page = z.object({
  events: z.array(event),
  first: sequence.meta({ description: "The oldest that is kept." }),
  last: sequence.meta({ description: "The newest." }),
});
const HEARTBEAT_MILLISECONDS = 15_000;

/** What has happened, as a list and as a stream that can be taken up again. */
export const eventRoutes = [
  route({
    method: "get",
    path: "/v1/events",
    operationId: "listEvents",
    tag: "Events",
    summary: "What has happened, in order; as a stream where `Accept` is text/event-stream",
    description:
      "As a stream (server-sent events): each event's `id` is its number; a reader that was cut off " +
      "sends the last one as `Last-Event-ID` and misses nothing.",
    role: "read",
    query: z.strictObject({
      after: sequence.default("0").meta({ description: "Number of the last event that you have." }),
      limit: z.coerce.number().int().min(1).max(1000).default(100),
    }),
    answers: {
      200: { description: "The events behind `after`.", json: page },
      409: { description: "As a stream: there is no event of that number yet." },
    },
    async handle({ service, context, query, request, signal }) {
      if (!(request.get("Accept") ?? "").includes("text/event-stream")) {
        return ok(await tenantEvents(context, BigInt(query.after), query.limit));
      }
      const last = request.get("Last-Event-ID") ?? query.after;
      if (!sequence.safeParse(last).success)
        throw new HttpError("event.id", "Last-Event-ID must be the number of an event.");
      await checkPosition(context, BigInt(last));
      service.eventStreams.take(context.tenant, 1);
      const events = textOf(followTenantEvents(context, BigInt(last), signal), signal);
      const stream = Readable.from(events, {
        objectMode: false,
        highWaterMark: 16_384,
      });
      stream.once("close", () => service.eventStreams.give(context.tenant, 1));
      return {
        status: 200,
        headers: { "Cache-Control": "no-store", "X-Accel-Buffering": "no" },
        stream,
        contentType: "text/event-stream",
      };
    },
  }),
];

/** @throws HttpError 409 `event.ahead` */
async function checkPosition(context: Parameters<typeof tenantEvents>[0], after: bigint): Promise<void> {
  const { last } = await tenantEvents(context, after, 1);
  if (after <= BigInt(last)) return;
  throw new HttpError(
    "event.ahead",
    `Your last event is ${String(after)}, and the newest one here is ${last}. You have read another ` +
      "list: the one " +
      `before a backup was restored, or another operator's. Begin behind ${last}, or at 0 for ` +
      "all that is kept.",
  );
}

/**
 * Events in the form of the HTML standard, with a comment now and then, so that nobody between takes the line
 * for dead.
 */
async function* textOf(events: AsyncIterable<EventDescription>, signal: AbortSignal): AsyncGenerator<string> {
  yield "retry: 2000\n\n";
  const items = events[Symbol.asyncIterator]();
  let next = items.next();
  while (!signal.aborted) {
    const beat = Promise.withResolvers<null>();
    const timer = setTimeout(() => beat.resolve(null), HEARTBEAT_MILLISECONDS);
    const item = await Promise.race([next, beat.promise]);
    clearTimeout(timer);
    if (item === null) yield ": still here\n\n";
    else if (item.done === true) return;
    else {
      next = items.next();
      yield `id: ${item.value.sequence}\nevent: ${item.value.type}\ndata: ${JSON.stringify(item.value)}\n\n`;
    }
  }
}
