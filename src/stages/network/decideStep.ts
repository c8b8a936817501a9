import type { UnixSeconds } from "../../base/types/quantities.ts";

/**
 * What comes of a wanted call. `done`: the chain shows it already. `sent`, `scheduled`: this process does it.
 * `waits`: it is scheduled, and its delay runs. `others`: no key of this process may make it. With a dry run
 * `would-send` and `would-schedule`.
 */
export type StepState = "done" | "sent" | "scheduled" | "waits" | "others" | "would-send" | "would-schedule";

/** What the chain and the clock say of a wanted call. */
export interface StepFacts {
  /** The chain shows what the call would do. */
  readonly hasLanded: boolean;
  /** How long it is public before it may be made; 0: at once. Null where no key here may ever make it. */
  readonly delaySeconds: number | null;
  /** From when on the scheduled call may be made; null where it is not scheduled, or no longer. */
  readonly readyAt: UnixSeconds | null;
  readonly now: UnixSeconds;
}

/** @returns its state, and from when on the call may be made where that is not yet */
export function decideStep(
  { hasLanded, delaySeconds, readyAt, now }: StepFacts,
  { dryRun }: { readonly dryRun: boolean },
): { readonly state: StepState; readonly readyAt: UnixSeconds | null } {
  if (hasLanded) return { state: "done", readyAt: null };
  if (delaySeconds === null) return { state: "others", readyAt: null };
  if (delaySeconds > 0) {
    if (readyAt === null)
      return {
        state: dryRun ? "would-schedule" : "scheduled",
        readyAt: (now + delaySeconds) as UnixSeconds,
      };
    if (readyAt > now) return { state: "waits", readyAt };
  }
  return { state: dryRun ? "would-send" : "sent", readyAt: null };
}
