// The memory that callers write to and read from. Its sizes are exported, so that nobody else has to know
// them.

/** Bytes of INPUT: 4,096 leaves of 179 bytes. */
export const INPUT_BYTES: i32 = 733184;
/** Bytes of OUTPUT: 4,096 nodes of 40 bytes. */
export const OUTPUT_BYTES: i32 = 163840;

/** Messages. Whole lanes are read at the end of a message, so eight bytes more than the window are there. */
export const INPUT = memory.data(733192, 16);
/** Hashes, or nodes that parents take the place of. */
export const OUTPUT = memory.data(163848, 16);
