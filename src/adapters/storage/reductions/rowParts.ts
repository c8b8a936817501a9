/** What rows of `facts` and of `subject_days` have in common. */

/** Bytes of half a key: a `uuid`. */
export const HALF = 16;
/** Seconds to the end, where none is known. */
export const NO_END = -1;
