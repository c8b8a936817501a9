/** Basis points of a whole: shares are told in ten-thousandths. */
export const WHOLE_BPS = 10_000;
/** The same, where masses are multiplied. */
export const WHOLE_BPS_EXACT = BigInt(WHOLE_BPS);
