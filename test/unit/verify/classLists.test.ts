import { describe, expect, it } from "vitest";
import { SHIPPED_CLASS_LISTS } from "../../../src/format/batch/classes/classLists.ts";
import { LISTED_CLASSES } from "../../../src/format/batch/classes/scenarioClasses.ts";
import { encodeProofFile } from "../../../src/format/proofs/proofFile.ts";
import { proveFromArchive } from "../../../src/verify/proveFromArchive.ts";
import { verifyArchive } from "../../../src/verify/verifyArchive.ts";
import { verifyProof } from "../../../src/verify/verifyProof.ts";
import { longerClassLists, publishedClasses } from "../format/batch/support/longerClassLists.ts";
import { sampleArchive } from "./support/sampleArchive.ts";
import { sampleBatch } from "./support/sampleBatch.ts";
import { actFile, actsPart } from "./support/sampleProof.ts";
import { code, verifyFile } from "./support/verifyFile.ts";

const batch = sampleBatch("classes", 9);
const { source } = await sampleArchive(batch);
const file = encodeProofFile(actFile(actsPart(batch, [4])));

describe("a class that was appended after a batch was sealed", () => {
  const later = longerClassLists({ code: 9, name: "tram", unit: "km" });

  it("leaves its archive and its proofs valid", async () => {
    expect(later.newest.hash).not.toBe(batch.manifest.scenarioClasses.hash);
    await expect(verifyArchive(source, null, undefined, later)).resolves.toMatchObject({ ok: true });
    await expect(verifyProof(file, null, null, null, later)).resolves.toMatchObject({ ok: true });
    const proof = await proveFromArchive(source, { index: 8 }, null, later);
    await expect(verifyProof(proof, null, null, null, later)).resolves.toMatchObject({ ok: true });
  });

  it("is needed to read a batch that was closed with it, and no other list will do", async () => {
    const { version, hash } = later.newest;
    const newer = sampleBatch("newer", 9, { manifest: { scenarioClasses: { version, hash } } });
    const proof = encodeProofFile(actFile(actsPart(newer, [4])));
    await expect(verifyProof(proof, null, null, null, later)).resolves.toMatchObject({ ok: true });
    await expect(verifyProof(proof, null)).rejects.toThrow(code("verify.scenario-classes"));
    await expect(verifyArchive((await sampleArchive(newer)).source, null)).rejects.toThrow(
      code("archive.scenario-classes"),
    );
  });
});

describe("a code beyond the list that a batch names", () => {
  it("is refused, whatever later lists have", async () => {
    // The sample's leaves are of metro, 1, and bike, 3.
    const short = publishedClasses(LISTED_CLASSES.slice(0, 2), 7);
    const known = SHIPPED_CLASS_LISTS.with(short);
    const { version, hash } = known.newest;
    const wrong = sampleBatch("short", 9, { manifest: { scenarioClasses: { version, hash } } });
    const proof = encodeProofFile(actFile(actsPart(wrong, [4])));
    await expect(verifyProof(proof, null, null, null, known)).rejects.toThrow(code("archive.class"));
    await expect(verifyArchive((await sampleArchive(wrong)).source, null, undefined, known)).rejects.toThrow(
      code("archive.class"),
    );
  });
});

describe("what a manifest says of its batch", () => {
  it("is told in sentences and as facts", async () => {
    const documentHash = `0x${"12".repeat(32)}` as const;
    const told = sampleBatch("told", 9, {
      manifest: {
        placeOfActs: "MALACCA" as never,
        hostCountry: "MY",
        correspondingAdjustment: "authorised",
        useBy: 18_261 as never,
        title: { kind: "programme", documentHash },
        campaign: { id: "spring-run" as never, documentHash },
        verification: { statementHash: documentHash, level: "reasonable", opinion: "qualified" },
      },
    });
    const verdict = await verifyFile(actFile(actsPart(told, [4])));
    const said = verdict.checked.join(" ");
    expect(said).toContain("people's acts, which took place in MALACCA and were counted by rules of SGP");
    expect(said).toContain("in the inventory of MY, with a corresponding adjustment authorised");
    expect(said).toContain("may be retired until 2019-12-31 at the latest");
    expect(said).toContain(`by right of a programme's rules (document ${documentHash})`);
    expect(said).toContain("gave reasonable assurance with a qualified opinion");
    expect(said).toContain("gifts to the campaign spring-run");
    expect(verdict.notChecked.join(" ")).not.toContain("No verification body's statement");
    expect(verdict.facts.batches[0]).toMatchObject({
      format: "microtonne-batch/2",
      terms: { category: "act", hostCountry: "MY", useBy: "2019-12-31", projects: [] },
    });
    const plain = await verifyFile(actFile(actsPart(batch, [4])));
    expect(plain.checked.join(" ")).toContain("It may be retired at any time.");
    expect(plain.notChecked.join(" ")).toContain("No verification body's statement");
  });
});
