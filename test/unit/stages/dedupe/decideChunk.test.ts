import { describe, expect, it } from "vitest";
import { decideChunk } from "../../../../src/stages/dedupe/decideChunk.ts";
import type { ChunkProgress, IngestStanding } from "../../../../src/stages/dedupe/ports.ts";
import { refusedFor } from "../../../support/refusedFor.ts";

const digest = Uint8Array.of(1, 2, 3);
const decide = (
  progress: Partial<ChunkProgress>,
  standing: Partial<IngestStanding>,
  reductions = 4,
): "next" | "stored" =>
  decideChunk(
    { ingestId: "7", chunk: 2, chainDigest: digest, rowsRead: 5, rejected: 1, ...progress },
    reductions,
    { finished: false, chunks: 2, storedDigest: null, ...standing },
  );
const refusal = (code: string): unknown => refusedFor(code);

describe("a chunk of an ingest", () => {
  it("is the next one where all before it are stored", () => {
    expect(decide({}, {})).toBe("next");
    expect(decide({ chunk: 0 }, { chunks: 0 })).toBe("next");
  });

  it("is answered from what is stored where the same rows come again, finished or not", () => {
    const storedDigest = Uint8Array.from(digest);
    for (const finished of [false, true])
      expect(decide({ chunk: 1 }, { chunks: 3, finished, storedDigest })).toBe("stored");
  });

  it("is refused where other rows stand under its number", () => {
    for (const finished of [false, true])
      expect(() => decide({}, { chunks: 3, finished, storedDigest: Uint8Array.of(1, 2, 4) })).toThrowError(
        refusal("ingest.chunk-differs"),
      );
  });

  it("is refused by a finished ingest", () => {
    expect(() => decide({}, { finished: true })).toThrowError(refusal("ingest.finished"));
  });

  it.each([0, 1, 3])("is refused where %i chunks are stored before the third", (chunks) => {
    expect(() => decide({}, { chunks })).toThrowError(refusal("ingest.chunk-order"));
  });

  it.each([3, 5])(
    "is refused where rows got lost or came from nowhere, whatever else is true",
    (reductions) => {
      for (const standing of [{}, { storedDigest: digest }, { finished: true }])
        expect(() => decide({}, standing, reductions)).toThrowError(refusal("ingest.rows-lost"));
    },
  );
});
