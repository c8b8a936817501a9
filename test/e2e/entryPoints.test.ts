/**
 * What the package gives to programs outside of it: built as it is published, linked into an empty project,
 * imported there by name.
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import packageJson from "../../package.json" with { type: "json" };
import { vectors } from "../unit/format/support/vectors.ts";
import { outsideProject, type OutsideProject } from "./support/outsideProject.ts";
import { MISTYPED, TYPED } from "./support/typedProgram.ts";

const ENTRIES = ["abis", "bindings", "client", "format", "verify"];
const { files: proofFiles } = vectors("proof-files") as { files: string[] };
const batch = vectors("batch") as { batchId: string; manifest: string; files: Record<string, string> };

let outside: OutsideProject;
beforeAll(() => {
  outside = outsideProject();
});
afterAll(() => outside.remove());

/** The program's answer, as JSON. */
const answerOf = (source: string): unknown => JSON.parse(outside.run(source));

describe("the package's entry points", () => {
  it("are these, each an index file that the build makes, with its types", () => {
    expect(Object.keys(packageJson.exports).toSorted()).toEqual(ENTRIES.map((name) => `./${name}`));
    for (const { types, default: code } of Object.values(packageJson.exports)) {
      expect(code).toMatch(/^\.\/dist\/lib\/[a-z]+\.js$/);
      expect(types).toMatch(/^\.\/dist\/types\/.*\/index\.d\.ts$/);
      for (const path of [types, code]) expect(existsSync(join(outside.dist, "..", path)), path).toBe(true);
    }
  });

  it("are imported by name under Node", () => {
    const answer = answerOf(`
      import * as abis from "microtonne/abis";
      import { BatchRegistry__factory } from "microtonne/bindings";
      import { connect, listBatches } from "microtonne/client";
      import { batchIdOf, MicrotonneError, milligrams, formatTonnes } from "microtonne/format";
      import { connectChain, verdictText, verifyArchive, verifyProof } from "microtonne/verify";
      import { parseClassListFile, publishedClassesOf, SHIPPED_CLASS_LISTS } from "microtonne/verify";
      const classes = [...SHIPPED_CLASS_LISTS.newest.classes, { code: 9, name: "ferry", unit: "km" }];
      const schema = "microtonne-scenario-classes/1";
      const list = parseClassListFile({ schema, region: "OURCITY", version: 3, classes });
      const calls =
        [connect, listBatches, batchIdOf, connectChain, verdictText, verifyArchive, verifyProof];
      let code = "none";
      try { milligrams(-1n); } catch (error) { if (error instanceof MicrotonneError) code = error.code; }
      console.log(JSON.stringify({
        functions: calls.map((each) => typeof each),
        abis: Object.entries(abis).map(([name, abi]) => [name, Array.isArray(abi) && abi.length > 0]),
        factory: BatchRegistry__factory.createInterface().getFunction("headOf").name,
        tonnes: formatTonnes(milligrams(2_620_000_000n)),
        code,
        newest: SHIPPED_CLASS_LISTS.with(publishedClassesOf(list)).newest.highest,
      }));`);
    expect(answer).toEqual({
      functions: Array.from({ length: 7 }, () => "function"),
      abis: [
        "accessManagerAbi",
        "batchDisputesAbi",
        "batchRegistryAbi",
        "carbonCreditAbi",
        "carbonPoolFactoryAbi",
        "externalUnitsAbi",
        "methodologyRegistryAbi",
        "participantRegistryAbi",
        "retirementRegistryAbi",
        "settlementCashAbi",
      ].map((name) => [name, true]),
      factory: "headOf",
      tonnes: "2.62",
      code: "mass.out-of-range",
      newest: 9,
    });
  });

  it.each(["format/batch/leaf", "verify/trust", "client/client.generated", "dist/lib/format.js"])(
    "lead to no other file: %s",
    (path) => {
      expect(() => outside.run(`await import("microtonne/${path}");`)).toThrow(
        "ERR_PACKAGE_PATH_NOT_EXPORTED",
      );
    },
  );

  it("check the golden proofs and the golden archive, and notice a changed byte", () => {
    const answer = answerOf(`
      import { batchIdOf, decodeManifest, fromHex, MANIFEST_PATH } from "microtonne/format";
      import { verifyArchive, verifyProof } from "microtonne/verify";
      const bytes = (text) => new TextEncoder().encode(text);
      const { proofFiles, batch } = ${JSON.stringify({ proofFiles, batch })};
      const manifest = bytes(batch.manifest);
      const trust = { mode: "root", batches: [{ batchId: batch.batchId }] };
      const facts = [];
      for (const text of proofFiles) {
        const { mode, facts: { kind, batches } } = await verifyProof(bytes(text), trust);
        facts.push([mode, kind, batches[0].batchId]);
      }
      const read = async (path) => (path === MANIFEST_PATH ? manifest : fromHex(batch.files[path]));
      const archive = await verifyArchive({ read }, trust);
      const altered = bytes(proofFiles[0].replace("0.777", "0.778"));
      const changed = await verifyProof(altered, trust).catch(({ code }) => code);
      const elsewhere = { mode: "root", batches: [{ batchId: "0x" + "0".repeat(64) }] };
      const untrusted = await verifyProof(bytes(proofFiles[0]), elsewhere).catch(({ code }) => code);
      console.log(JSON.stringify({
        facts, changed, untrusted,
        id: batchIdOf(manifest),
        leaves: [archive.facts.batches[0].leaves, decodeManifest(manifest).leafCount],
      }));`);
    expect(answer).toEqual({
      facts: [
        ["root", "act", batch.batchId],
        ["root", "retirement", batch.batchId],
      ],
      changed: "proof-file.hash",
      untrusted: "verify.root",
      id: batch.batchId,
      leaves: [5, 5],
    });
  });
});

describe.each(["nodenext", "bundler"] as const)("the package's types, resolved as %s", (resolution) => {
  it("are enough for a program that uses every entry point, with no library left unchecked", () => {
    expect(outside.typeCheck(TYPED, resolution)).toBe("");
  });

  it.each(MISTYPED)("refuse %s", (source) => {
    expect(outside.typeCheck(source, resolution)).toMatch(/error TS(?:2322|2339|2345)/);
  });
});

describe("the lists of format and verify", () => {
  it.each(["format", "verify"])("have a comment of its own for each name: %s", (entry) => {
    expect(uncommented(join(outside.dist, "types", "src", entry, "index.d.ts"))).toEqual([]);
  });
});

/**
 * Names that an index file's types list, or pass on from another list, and that bear no comment where they
 * are declared.
 */
function uncommented(index: string, only?: ReadonlySet<string>): string[] {
  const lists = readFileSync(index, "utf8").matchAll(/^export (?:type )?\{([^}]*)\} from "([^"]+)";/gm);
  return [...lists].flatMap(([, list = "", specifier = ""]) => {
    const path = join(index, "..", specifier.replace(/\.ts$/, ".d.ts"));
    const text = readFileSync(path, "utf8");
    const names = list.split(",").map((name) => name.trim().replace(/^type /, ""));
    return names.filter((name) => {
      if (name === "" || (only && !only.has(name))) return false;
      const declared = new RegExp(`^(.*)\nexport (?:declare |abstract )*[a-z]+ ${name}\\b`, "m").exec(text);
      if (declared === null) return uncommented(path, new Set([name])).length > 0 || !text.includes(name);
      return !(declared[1] ?? "").endsWith("*/");
    });
  });
}
