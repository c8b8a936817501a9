import type { Sighting } from "../../stages/outbox/ports.ts";

/** Sightings where it is enough to know whether there is something. */
export const SOMETHING: Sighting = { planned: {}, shown: {} };
export const NOTHING: Sighting = { planned: {}, shown: null };
