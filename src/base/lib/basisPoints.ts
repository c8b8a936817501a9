/** Basis points of a whole: shares are told in ten-thousandths. */
export const WHOLE_BPS = 10_000;
