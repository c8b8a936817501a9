import { Readable } from "node:stream";
import { TextDecoder } from "node:util";
import { fromRandomAccessReader, RandomAccessReader, type Entry, type ZipFile } from "yauzl";
import { InputError, MicrotonneError } from "../../../../base/errors/errors.ts";
import { KIB } from "../../../../base/lib/sizes.ts";
import { overCap, type IngestCaps } from "../../caps.ts";
import type { ScratchFile } from "../../ports.ts";
import { RATIO_COUNTS_FROM } from "../inflate.ts";

const PIECE = 64 * KIB;
const MAX_ENTRIES = 10_000;

/** The parts of a workbook, by their paths in its zip; capitals make no difference (ECMA-376 part 2, 6.2). */
export interface Parts {
  has(path: string): boolean;
  /**
   * The part's text in pieces. `longest` bounds its bytes once inflated; the zip's own word for them is
   * checked while it is read.
   */
  read(
    path: string,
    longest: { cap: "inflatedBytes" | "lookupBytes"; bytes: number },
  ): AsyncGenerator<string>;
  close(): void;
}

/**
 * Opens a spooled workbook. Nothing is inflated before its declared size has been held against the caps, and
 * nothing beyond that size after.
 * @throws InputError `input.xlsx` for what is no whole zip, `input.over-cap`
 */
export async function openParts(scratch: ScratchFile, caps: IngestCaps): Promise<Parts> {
  const zip = await openZip(scratch);
  const entries = new Map<string, Entry>();
  try {
    for await (const entry of zip.eachEntry()) {
      const name = partName(entry.fileName);
      if (entries.has(name)) throw notXlsx("holds two parts of one name");
      entries.set(name, entry);
      if (entries.size > MAX_ENTRIES) throw notXlsx(`holds more than ${String(MAX_ENTRIES)} parts`);
    }
  } catch (cause) {
    zip.close();
    throw asInputError(cause);
  }
  return {
    has: (path) => entries.has(partName(path)),
    close: () => zip.close(),
    async *read(path, { cap, bytes: most }) {
      const entry = entries.get(partName(path));
      if (!entry) throw notXlsx("lacks a part that every workbook has");
      const { uncompressedSize, compressedSize } = entry;
      if (uncompressedSize > most) throw overCap(cap, most);
      if (uncompressedSize > RATIO_COUNTS_FROM && uncompressedSize > compressedSize * caps.inflationRatio) {
        throw overCap("inflationRatio", caps.inflationRatio);
      }
      const decoder = new TextDecoder("utf-8");
      try {
        for await (const bytes of await zip.openReadStreamPromise(entry))
          yield decoder.decode(bytes as Uint8Array, { stream: true });
        yield decoder.decode();
      } catch (cause) {
        throw asInputError(cause);
      }
    },
  };
}

/** The name by which parts are compared. */
function partName(path: string): string {
  return path.replace(/^\//, "").toLowerCase();
}

class ScratchReader extends RandomAccessReader {
  readonly #scratch: ScratchFile;

  constructor(scratch: ScratchFile) {
    super();
    this.#scratch = scratch;
  }

  override _readStreamForRange(start: number, end: number): Readable {
    return Readable.from(pieces(this.#scratch, start, end), { objectMode: false, highWaterMark: PIECE });
  }
}

async function* pieces(scratch: ScratchFile, start: number, end: number): AsyncGenerator<Uint8Array> {
  for (let at = start; at < end; at += PIECE)
    yield Buffer.from(await scratch.read(at, Math.min(PIECE, end - at)));
}

function openZip(scratch: ScratchFile): Promise<ZipFile> {
  return new Promise((resolve, reject) => {
    const options = { lazyEntries: true, autoClose: false, validateEntrySizes: true };
    fromRandomAccessReader(new ScratchReader(scratch), scratch.size, options, (error, zip) => {
      if (error) reject(notXlsx("is no whole zip file", error));
      else resolve(zip);
    });
  });
}

/** Whatever the zip library or zlib says about the bytes is the file's fault. */
function asInputError(cause: unknown): unknown {
  return cause instanceof MicrotonneError || isSystemError(cause)
    ? cause
    : notXlsx("is no whole zip file", cause);
}

function isSystemError(cause: unknown): boolean {
  return cause instanceof Error && "syscall" in cause;
}

export function notXlsx(problem: string, cause?: unknown): InputError {
  return new InputError(
    "input.xlsx",
    `The file is to be an Excel workbook (.xlsx), but it ${problem}. Save it again as .xlsx, without a ` +
      "password, and run once more.",
    { cause },
  );
}
