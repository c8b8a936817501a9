import { pipeline, Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { InputError } from "../../../base/errors/errors.ts";
import { KIB, MIB } from "../../../base/lib/sizes.ts";
import { overCap, type IngestCaps } from "../caps.ts";

export const RATIO_COUNTS_FROM = 16 * MIB;

/**
 * The bytes of a source, decompressed where they begin with the gzip mark 1f 8b. One file may hold several
 * gzip members.
 * @throws InputError `input.over-cap` naming the cap, `input.gzip` where the compressed bytes are damaged or
 * end too early
 */
export async function* inflate(
  source: AsyncIterable<Uint8Array>,
  caps: IngestCaps,
): AsyncGenerator<Uint8Array> {
  const count = { input: 0 };
  const { gzip, bytes } = await sniff(counted(source, count, caps));
  let inflated = 0;
  for await (const chunk of gzip ? gunzip(bytes) : bytes) {
    inflated += chunk.length;
    if (inflated > caps.inflatedBytes) throw overCap("inflatedBytes", caps.inflatedBytes);
    if (gzip && inflated > RATIO_COUNTS_FROM && inflated > count.input * caps.inflationRatio) {
      throw overCap("inflationRatio", caps.inflationRatio);
    }
    yield chunk;
  }
}

async function* counted(
  source: AsyncIterable<Uint8Array>,
  count: { input: number },
  caps: IngestCaps,
): AsyncGenerator<Uint8Array> {
  for await (const chunk of source) {
    count.input += chunk.length;
    if (count.input > caps.inputBytes) throw overCap("inputBytes", caps.inputBytes);
    if (chunk.length > 0) yield chunk;
  }
}

/** Looks at the first two bytes, however the source cuts its chunks. */
async function sniff(
  source: AsyncGenerator<Uint8Array>,
): Promise<{ gzip: boolean; bytes: AsyncGenerator<Uint8Array> }> {
  const held: Uint8Array[] = [];
  let first: number | undefined;
  let second: number | undefined;
  while (second === undefined) {
    const next = await source.next();
    if (next.done === true) break;
    held.push(next.value);
    if (first === undefined) [first, second] = next.value;
    else second = next.value[0];
  }
  return { gzip: first === 0x1f && second === 0x8b, bytes: resume(held, source) };
}

async function* resume(
  held: readonly Uint8Array[],
  rest: AsyncGenerator<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  try {
    yield* held;
    yield* rest;
  } finally {
    // Also where reading stops among the held pieces: the source is a file to be closed.
    await rest.return(undefined);
  }
}

async function* gunzip(compressed: AsyncGenerator<Uint8Array>): AsyncGenerator<Uint8Array> {
  const engine = createGunzip({ chunkSize: 256 * KIB });
  // The error reaches the loop below through the engine; the callback only keeps it from being thrown a
  // second time.
  pipeline(Readable.from(compressed, { objectMode: true }), engine, () => undefined);
  try {
    for await (const chunk of engine) yield chunk as Uint8Array;
  } catch (cause) {
    if (cause instanceof Error && "code" in cause && String(cause.code).startsWith("Z_")) {
      throw new InputError(
        "input.gzip",
        "The gzip data are damaged or end too early. What was read before the damage stands; get the " +
          "file again and run once more.",
        { cause },
      );
    }
    throw cause;
  }
}
