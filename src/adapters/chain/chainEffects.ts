import type { ChainPresence } from "../../stages/outbox/ports.ts";

/** Effects where it is enough to know whether there is something. */
export const SOME_EFFECT: ChainPresence = { isThere: true };
export const NO_EFFECT: ChainPresence = { isThere: false };
