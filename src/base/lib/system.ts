import type { UnixSeconds } from "../types/quantities.ts";

/** Time and chance come in from outside, so that tests and replays can hold them. */
export interface Clock {
  now(): UnixSeconds;
}
export interface Randomness {
  bytes(length: number): Uint8Array;
}
