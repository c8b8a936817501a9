import type { Equivalent } from "../equivalent.ts";

export const equivalents: readonly Equivalent[] = [];
