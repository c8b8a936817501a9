import { InputError } from "../../base/errors/errors.ts";
import { EVENT_TYPES, type EventType } from "../../events/events.ts";

/**
 * The types of events that an endpoint asks for, each once; null for all. @throws InputError
 * `webhook.event-types`
 */
export function checkEventTypes(asked: readonly string[] | null): readonly EventType[] | null {
  if (asked === null) return null;
  const known = EVENT_TYPES.filter((type) => asked.includes(type));
  if (known.length === 0 || asked.some((type) => !known.some((each) => each === type))) {
    throw new InputError(
      "webhook.event-types",
      `The types of events that an endpoint can ask for are: ${EVENT_TYPES.join(", ")}.`,
    );
  }
  return known;
}
