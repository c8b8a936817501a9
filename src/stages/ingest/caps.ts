import { InputError } from "../../base/errors/errors.ts";
import { GIB, MIB } from "../../base/lib/sizes.ts";

/**
 * Limits on what one file may make us do. Going over one that concerns the file stops it; over one that
 * concerns a row rejects the row.
 */
export interface IngestCaps {
  /** Bytes read from the source, compressed or not. */
  readonly inputBytes: number;
  /** Bytes after decompression. */
  readonly inflatedBytes: number;
  /**
   * Inflated bytes per byte read; counted once more than 16 MiB have come out. Real tables reach about 30,
   * gzip at most 1,032.
   */
  readonly inflationRatio: number;
  /** UTF-16 units of one row, quoted line ends included. */
  readonly rowCharacters: number;
  /** Levels of objects and arrays in one JSON row. */
  readonly jsonDepth: number;
  /**
   * Of all lookup files of a profile together, since they are held in memory: rows, bytes after
   * decompression, and about the bytes of memory that their tables take.
   */
  readonly lookupRows: number;
  readonly lookupBytes: number;
  readonly lookupHeldBytes: number;
  /**
   * Bytes of one of the 256 parts into which rows that are grouped (taps, readings) are spooled; one part at
   * a time is held in memory.
   */
  readonly groupBytes: number;
}

export const DEFAULT_CAPS: IngestCaps = {
  inputBytes: 64 * GIB,
  inflatedBytes: 256 * GIB,
  inflationRatio: 200,
  rowCharacters: 65_536,
  jsonDepth: 16,
  lookupRows: 1_000_000,
  lookupBytes: 128 * MIB,
  lookupHeldBytes: 512 * MIB,
  groupBytes: 64 * MIB,
};

/** The error of a file that goes over a cap. @param what a sentence's subject */
export function overCap(cap: keyof IngestCaps, limit: number, what = "The input"): InputError {
  return new InputError("input.over-cap", `${what} goes over the cap ${cap} (${String(limit)}).`, {
    remedy: { act: "split-file" },
  });
}
