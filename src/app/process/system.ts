import { randomBytes } from "node:crypto";
import type { Clock, Randomness } from "../../base/lib/system.ts";
import type { UnixSeconds } from "../../base/types/quantities.ts";

/** The machine's clock, whole seconds, UTC. */
export const systemClock: Clock = { now: () => Math.floor(Date.now() / 1000) as UnixSeconds };

/** The operating system's randomness. */
export const systemRandomness: Randomness = { bytes: (length) => new Uint8Array(randomBytes(length)) };
