import { describe, expect, it } from "vitest";
import { proofFiles } from "../../../../scripts/generate/vectors/proofFileVectors.ts";
import { toHex, utf8 } from "../../../../src/base/lib/bytes.ts";
import { canonicalJson } from "../../../../src/format/canonicalJson.ts";
import { fullRecord } from "../../../../src/format/batch/records/additions.ts";
import { keccak } from "../../../../src/format/keccak.ts";
import { decodeProofFile, encodeProofFile, type ProofFile } from "../../../../src/format/proofs/proofFile.ts";
import { verifyInclusion } from "../../../../src/format/proofs/inclusionProof.ts";
import { verifyRange } from "../../../../src/format/proofs/rangeProof.ts";
import { commitmentOf } from "../../../../src/format/archive/readArchive.ts";
import { codeOf, vectors } from "../support/vectors.ts";

const { files: texts } = vectors("proof-files") as { files: string[] };
const [act, retirement] = (await proofFiles()) as [ProofFile, ProofFile];
const block = {
  header: "0xf90200",
  headerScheme: "rlp",
  accounts: [
    {
      address: `0x${"cd".repeat(20)}`,
      accountProof: ["0xf8", "0x"],
      storage: [{ slot: `0x${"01".repeat(32)}`, value: `0x${"00".repeat(32)}`, proof: ["0xf9"] }],
    },
  ],
} as const;

/** Bytes of content with a file hash that fits, whatever the content. */
function sealed(content: unknown): Uint8Array {
  const fileHash = toHex(keccak(utf8(canonicalJson(content))));
  return utf8(canonicalJson({ ...(content as object), fileHash }));
}
function contentOf(text: string): Record<string, unknown> {
  const { fileHash: _, ...content } = JSON.parse(text) as Record<string, unknown>;
  return content;
}

function inFullForm(file: ProofFile): ProofFile {
  const acts = file.parts[0]?.acts?.map((one) => ({
    ...one,
    ...(one.disclosed && {
      disclosed: { ...one.disclosed, records: one.disclosed.records.map(fullRecord) },
    }),
  }));
  return acts ? { ...file, parts: file.parts.map((part) => ({ ...part, acts })) } : file;
}

const ADDRESS = `0x${"ab".repeat(20)}`;

describe("proof file", () => {
  it("has the bytes of the vectors and reads back what it wrote", () => {
    for (const [i, file] of [act, retirement].entries()) {
      const bytes = encodeProofFile(file);
      expect(new TextDecoder().decode(bytes)).toBe(texts[i]);
      // Records are written with all that their form has members for.
      expect(decodeProofFile(bytes)).toEqual(inFullForm(file));
    }
    const withBlock: ProofFile = { ...retirement, block };
    expect(decodeProofFile(encodeProofFile(withBlock))).toEqual(withBlock);
  });

  it("of the first format keeps its bytes", () => {
    for (const text of (vectors("v1/proof-files") as { files: string[] }).files) {
      const file = decodeProofFile(utf8(text));
      expect(file.parts[0]?.manifest.format).toBe("microtonne-batch/1");
      expect(new TextDecoder().decode(encodeProofFile(file))).toBe(text);
    }
    for (const text of (vectors("v1/spans") as { files: string[] }).files)
      expect(new TextDecoder().decode(encodeProofFile(decodeProofFile(utf8(text))))).toBe(text);
  });

  it("discloses records of the form that its manifest names", () => {
    const change = (file: string, of: string) => {
      const content = contentOf(file) as { parts: { acts: { disclosed: { records: unknown[] } }[] }[] };
      const other = contentOf(of) as typeof content;
      for (const [i, one] of (content.parts[0]?.acts ?? []).entries())
        one.disclosed.records = other.parts[0]?.acts[i]?.disclosed.records ?? [];
      return codeOf(() => decodeProofFile(sealed(content)));
    };
    const [first, second] = [vectors("v1/proof-files"), vectors("proof-files")].map(
      (file) => (file as { files: [string] }).files[0],
    ) as [string, string];
    expect(change(first, first)).toBe("accepted");
    expect(change(first, second)).toBe("proof-file.malformed");
    expect(change(second, first)).toBe("proof-file.malformed");
  });

  it("with a manifest of a later version says so", () => {
    const content = contentOf(texts[0] as string) as { parts: { manifest: { format: string } }[] };
    for (const part of content.parts) part.manifest.format = "microtonne-batch/3";
    expect(codeOf(() => decodeProofFile(sealed(content)))).toBe("manifest.newer");
  });

  it("holds proofs that verify against its manifest", () => {
    const [actPart] = decodeProofFile(utf8(texts[0] as string)).parts;
    const [rangePart] = decodeProofFile(utf8(texts[1] as string)).parts;
    expect(actPart?.acts?.map((one) => verifyInclusion(commitmentOf(actPart.manifest), one))).toHaveLength(1);
    expect(
      rangePart?.ranges?.flatMap((one) => verifyRange(commitmentOf(rangePart.manifest), one)),
    ).toHaveLength(2);
  });

  it("notices a changed byte anywhere", () => {
    for (const [offset, text] of texts.entries()) {
      const bytes = utf8(text);
      for (let at = offset; at < bytes.length; at += 4) {
        const code = codeOf(() => decodeProofFile(bytes.with(at, (bytes[at] as number) ^ 1)));
        expect(code === "accepted" ? `byte ${String(at)} may change` : "noticed").toBe("noticed");
      }
      expect(codeOf(() => decodeProofFile(bytes.slice(0, -1)))).toBe("json.malformed");
      expect(codeOf(() => decodeProofFile(utf8(`${text}\n`)))).toBe("json.not-canonical");
    }
  });

  it("without its hash, or with another file's, is refused", () => {
    const content = contentOf(texts[0] as string);
    expect(codeOf(() => decodeProofFile(utf8(canonicalJson(content))))).toBe("proof-file.hash");
    expect(
      codeOf(() => decodeProofFile(utf8(canonicalJson({ ...content, fileHash: `0x${"00".repeat(32)}` })))),
    ).toBe("proof-file.hash");
    for (const value of ["null", "1", "[]", '"x"', "{}"])
      expect(codeOf(() => decodeProofFile(utf8(value)))).toBe("proof-file.hash");
  });

  it("is closed, also where someone sealed it anew", () => {
    const content = contentOf(texts[1] as string);
    const [part] = content["parts"] as [Record<string, unknown>];
    const [range] = part["ranges"] as [Record<string, unknown>];
    const actContent = contentOf(texts[0] as string);
    expect(codeOf(() => decodeProofFile(sealed(content)))).toBe("accepted");
    const bad: Record<string, unknown>[] = [
      { ...content, extra: 1 },
      { ...content, format: "microtonne-proof/2" },
      { ...content, kind: "act" },
      { ...content, parts: [] },
      { ...content, parts: [part, part] },
      { ...content, parts: [{ ...part, extra: 1 }] },
      { ...content, parts: [{ ...part, acts: [] }] },
      {
        ...content,
        parts: [
          {
            ...part,
            ranges: undefined,
            acts: (actContent["parts"] as Record<string, unknown>[])[0]?.["acts"],
          },
        ].map(defined),
      },
      {
        ...content,
        parts: [{ ...part, ranges: [{ ...range, first: -1 }] }].map((one) => ({
          ...one,
          ranges: [{ ...range, first: 2 ** 32 }],
        })),
      },
      { ...content, parts: [{ ...part, ranges: [{ ...range, leaves: [`0x${"00".repeat(178)}`] }] }] },
      {
        ...content,
        parts: [
          {
            ...part,
            ranges: [{ ...range, steps: [{ size: "9223372036854775808", hash: `0x${"00".repeat(32)}` }] }],
          },
        ],
      },
      { ...content, parts: [{ ...part, attesters: [] }] },
      { ...content, parts: [{ ...part, attesters: (part["attesters"] as string[]).toReversed() }] },
      { ...content, parts: [{ ...part, attesters: [ADDRESS, ADDRESS] }] },
      { ...content, parts: [{ ...part, attesters: [ADDRESS.toUpperCase()] }] },
      { ...content, parts: [defined({ ...part, strikes: undefined })] },
      { ...content, chainId: "1" },
      { ...content, block: { ...block, headerScheme: "qbft" } },
      { ...content, block: { ...block, header: "0xF9" } },
      defined({ ...content, retirement: undefined }),
      { ...actContent, retirement: content["retirement"] },
    ];
    for (const one of bad) expect(codeOf(() => decodeProofFile(sealed(one)))).toBe("proof-file.malformed");
  });

  it("is refused at the place that does not fit, and says what it must be", () => {
    const content = contentOf(texts[1] as string);
    const [part] = content["parts"] as [Record<string, unknown>];
    const actContent = contentOf(texts[0] as string);
    const [actPart] = actContent["parts"] as [Record<string, unknown>];
    const { retirement: _, ...bare } = content;
    const { ranges: __, ...neither } = part;
    const record = (content["retirement"] as { record: Record<string, unknown> }).record;
    const withRecord = (change: object) => ({ ...content, retirement: { record: { ...record, ...change } } });
    const cases: [unknown, string][] = [
      [bare, "retirement: must be there in proofs of retirements only"],
      [{ ...actContent, retirement: content["retirement"] }, "retirement: must be there in proofs of"],
      [{ ...content, chainId: "1" }, "parts.0.manifest.chainId: must be the chain of the file"],
      [{ ...content, parts: [part, part] }, "parts.1.batchId: must ascend"],
      [{ ...content, parts: [actPart] }, "parts.0: must have ranges in a proof of kind retirement"],
      [{ ...actContent, parts: [part] }, "parts.0: must have acts in a proof of kind act"],
      [{ ...content, parts: [neither] }, "parts.0: must have either ranges or acts"],
      [{ ...content, parts: [{ ...part, attesters: [ADDRESS, ADDRESS] }] }, "parts.0.attesters: must ascend"],
      [withRecord({ country: "CHN" }), "retirement.record.country: must be an ISO 3166-1 alpha-2 code"],
      [withRecord({ reportingYear: 65_536 }), "retirement.record.reportingYear: "],
      [withRecord({ lines: [] }), "retirement.record.lines: "],
      [withRecord({ purpose: "fun" }), "retirement.record.purpose: "],
      [withRecord({ holder: "0x" }), "retirement.record.holder: must be 0x and 40 lower-case hex digits"],
      [{ ...content, block: { ...block, header: "0xF9" } }, "block.header: must be 0x and an even number"],
      [{ ...content, block: { ...block, accounts: Array(17).fill(block.accounts[0]) } }, "block.accounts: "],
    ];
    for (const [one, told] of cases)
      expect(() => decodeProofFile(sealed(one))).toThrow(`The proof file breaks its schema at ${told}`);
    for (const reportingYear of [0, 65_535])
      expect(codeOf(() => decodeProofFile(sealed(withRecord({ reportingYear }))))).toBe("accepted");
  });

  it("need not name attesters: proofs before the commit, and older files, have none", () => {
    const content = contentOf(texts[1] as string);
    const [part] = content["parts"] as [Record<string, unknown>];
    const older = defined({ ...part, attesters: undefined });
    expect(decodeProofFile(sealed({ ...content, parts: [older] })).parts[0]).not.toHaveProperty("attesters");
  });

  it("names the batch that its manifest hashes to", () => {
    const other = `0x${"11".repeat(32)}` as ProofFile["parts"][number]["batchId"];
    const [part] = act.parts as [ProofFile["parts"][number]];
    expect(codeOf(() => encodeProofFile({ ...act, parts: [{ ...part, batchId: other }] }))).toBe(
      "proof-file.batch-id",
    );
    const content = contentOf(texts[0] as string);
    const [json] = content["parts"] as object[];
    expect(codeOf(() => decodeProofFile(sealed({ ...content, parts: [{ ...json, batchId: other }] })))).toBe(
      "proof-file.batch-id",
    );
  });
});

function defined(value: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(value).filter(([, one]) => one !== undefined));
}
