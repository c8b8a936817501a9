import type { Brand } from "./ids.ts";

/** Whole milligrams of CO2e, 0 <= n < 2^63. */
export type Milligrams = Brand<bigint, "Milligrams">;
/** Token base units: 10^18 are one tonne, 10^9 are one milligram. */
export type BaseUnits = Brand<bigint, "BaseUnits">;
/** Millionths of a methodology's unit (1 km = 1,000,000), >= 0. */
export type MicroUnits = Brand<bigint, "MicroUnits">;
/** Whole seconds since 1970-01-01T00:00:00Z. */
export type UnixSeconds = Brand<number, "UnixSeconds">;
/** Whole days since 1970-01-01, in the time zone that the context names. */
export type Day = Brand<number, "Day">;
