import type { ChainEffect } from "../../stages/outbox/ports.ts";

/** Effects where it is enough to know whether there is something. */
export const SOME_EFFECT: ChainEffect = { planned: {}, shown: {} };
export const NO_EFFECT: ChainEffect = { planned: {}, shown: null };
