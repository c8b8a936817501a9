import { describe, expect, it } from "vitest";
import { spanFiles } from "../../../../scripts/generate/vectors/spanVectors.ts";
import { toHex, utf8 } from "../../../../src/base/lib/bytes.ts";
import type { Milligrams } from "../../../../src/base/types/quantities.ts";
import { canonicalJson } from "../../../../src/format/canonicalJson.ts";
import { keccak } from "../../../../src/format/keccak.ts";
import { checkSpans } from "../../../../src/format/proofs/checkSpans.ts";
import { openSpans, type SpanProof } from "../../../../src/format/proofs/openSpans.ts";
import { decodeProofFile, encodeProofFile } from "../../../../src/format/proofs/proofFile.ts";
import {
  codeOf,
  codesOf,
  commitmentFrom,
  expectedCodes,
  proofFrom,
  vectors,
  type ProofVector,
} from "../support/vectors.ts";

type Leaf = Pick<ProofVector, "index" | "leaf" | "steps">;
interface Range {
  start: string;
  end: string;
}
interface SpanVector extends Range {
  name: string;
  root: string;
  total: string;
  count: number;
  strikes: (Range & { index: number })[];
  covered: string;
  spans: { first: Leaf; last?: Leaf }[];
  behind: (Range & { grams: Range | null })[];
  leavesByTree: number;
  error: string;
}
const {
  honest,
  refused,
  files: texts,
  listed,
} = vectors("spans") as { honest: SpanVector[]; refused: SpanVector[]; files: string[]; listed: string };

const rangeFrom = ({ start, end }: Range) => ({
  start: BigInt(start) as Milligrams,
  end: BigInt(end) as Milligrams,
});
const rangeText = ({ start, end }: { start: bigint; end: bigint }) => ({
  start: start.toString(),
  end: end.toString(),
});

function check(vector: SpanVector) {
  const commitment = commitmentFrom(vector);
  const strikes = vector.strikes.map(({ index, ...range }) => ({ index, ...rangeFrom(range) }));
  const spans = vector.spans.map(({ first, last }): SpanProof => ({
    first: proofFrom(first),
    ...(last === undefined ? {} : { last: proofFrom(last) }),
  }));
  const batch = { total: commitment.total, strikes, covered: BigInt(vector.covered) as Milligrams };
  return checkSpans(batch, rangeFrom(vector), openSpans(commitment, strikes, spans));
}

describe("spans of the vectors", () => {
  it("show what they say stands behind a range", () => {
    for (const vector of honest) {
      const { pieces, leaves } = check(vector);
      const behind = pieces.map(({ grams, ...positions }) => ({
        ...rangeText(positions),
        grams: grams === null ? null : rangeText(grams),
      }));
      expect([vector.name, behind, leaves]).toEqual([vector.name, vector.behind, vector.leavesByTree]);
    }
  });

  it("are refused, each for its own reason", () => {
    expect(codesOf(refused, check)).toEqual(expectedCodes(refused));
  });
});

/** Bytes of content with a file hash that fits, whatever the content. */
function sealed(content: unknown): Uint8Array {
  const fileHash = toHex(keccak(utf8(canonicalJson(content))));
  return utf8(canonicalJson({ ...(content as object), fileHash }));
}
function contentOf(text: string): Record<string, unknown> {
  const { fileHash: _, ...content } = JSON.parse(text) as Record<string, unknown>;
  return content;
}
const without = (value: Record<string, unknown>, name: string) =>
  Object.fromEntries(Object.entries(value).filter(([key]) => key !== name));

describe("a proof file of microtonne-proof/2", () => {
  it("has the bytes of the vectors and reads back what it wrote", async () => {
    for (const [i, file] of (await spanFiles()).entries()) {
      const bytes = encodeProofFile(file);
      expect(new TextDecoder().decode(bytes)).toBe(texts[i]);
      expect(decodeProofFile(bytes)).toEqual(file);
    }
  });

  it("notices a changed byte anywhere", () => {
    const bytes = utf8(texts[0] as string);
    for (let at = 0; at < bytes.length; at += 3) {
      const code = codeOf(() => decodeProofFile(bytes.with(at, (bytes[at] as number) ^ 1)));
      expect(code === "accepted" ? `byte ${String(at)} may change` : "noticed").toBe("noticed");
    }
  });

  it("is closed, and is one of spans: a listing or an act has its own format", () => {
    const content = contentOf(texts[0] as string);
    const listing = contentOf(listed);
    const [part] = content["parts"] as [Record<string, unknown>];
    const [listedPart] = listing["parts"] as [Record<string, unknown>];
    const [span] = part["spans"] as [Record<string, unknown>];
    const first = span["first"] as Record<string, unknown>;
    expect(codeOf(() => decodeProofFile(sealed(content)))).toBe("accepted");
    const withPart = (change: Record<string, unknown>) => ({ ...content, parts: [{ ...part, ...change }] });
    const bad: Record<string, unknown>[] = [
      { ...content, format: "microtonne-proof/1" },
      { ...listing, format: "microtonne-proof/2" },
      { ...content, kind: "act" },
      { ...content, extra: 1 },
      { ...content, chainId: "1" },
      { ...content, parts: [part, part] },
      without(content, "retirement"),
      { ...content, parts: [without(part, "spans")] },
      withPart({ ranges: listedPart["ranges"] }),
      withPart({ acts: [first] }),
      withPart({ spans: [without(span, "first")] }),
      withPart({ spans: [{ ...span, extra: 1 }] }),
      withPart({ spans: [{ first: { ...first, disclosed: {} } }] }),
      withPart({ spans: [{ first: { ...first, index: 2 ** 32 } }] }),
      withPart({ spans: Array.from({ length: 10_001 }, () => span) }),
    ];
    for (const one of bad) expect(codeOf(() => decodeProofFile(sealed(one)))).toBe("proof-file.malformed");
    const file = decodeProofFile(utf8(texts[0] as string));
    expect(codeOf(() => encodeProofFile({ ...file, format: "microtonne-proof/1" }))).toBe(
      "proof-file.malformed",
    );
  });

  it("of a later version is refused as such, and not as damaged", () => {
    for (const version of ["3", "10", "999999999"]) {
      const newer = { ...contentOf(texts[0] as string), format: `microtonne-proof/${version}` };
      for (const bytes of [sealed(newer), utf8(canonicalJson({ format: newer.format }))]) {
        expect(codeOf(() => decodeProofFile(bytes))).toBe("proof-file.newer");
        expect(() => decodeProofFile(bytes)).toThrow(/was written by a newer version/);
      }
    }
    for (const format of ["microtonne-proof/0", "microtonne-proof/02", "microtonne-batch/3", "x"])
      expect(codeOf(() => decodeProofFile(sealed({ ...contentOf(listed), format })))).toBe(
        "proof-file.malformed",
      );
  });
});
