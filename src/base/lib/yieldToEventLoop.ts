import { setImmediate } from "node:timers/promises";

/**
 * Lets whatever else waits in this process have its turn. Long computations call it between groups of some
 * ten milliseconds; a `Promise` alone does not do that, since its continuations run before any input is
 * looked at.
 */
export function yieldToEventLoop(): Promise<void> {
  return setImmediate();
}
