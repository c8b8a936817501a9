/**
 * What the command line's Node is started with. Chunks of an ingest outlive V8's young generation as it is by
 * default, and are copied for nothing: 32 MB instead of 16. And where the old one may have two gigabytes or
 * more, V8 lets garbage grow to three times what is alive before it collects, below that to less than once:
 * an ingest of a million rows held 518 MB, and holds 370, for a tenth more of Node's processor time. A
 * command that needs more of a heap than this bound ends for want of memory; none is meant to.
 */
export const NODE_FLAGS = ["--max-semi-space-size=32", "--max-old-space-size=1536"];
