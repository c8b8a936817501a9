import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { sampleBatch } from "../../../../scripts/generate/vectors/sampleBatch.ts";
import { toHex, utf8 } from "../../../../src/base/lib/bytes.ts";
import { batchId } from "../../../../src/base/lib/ids.ts";
import type { Milligrams } from "../../../../src/base/types/quantities.ts";
import { canonicalJson, parseCanonicalJson } from "../../../../src/format/canonicalJson.ts";
import { keccak } from "../../../../src/format/keccak.ts";
import {
  batchIdOf,
  bufferMilligramsDown,
  decodeManifest,
  encodeManifest,
  parseManifest,
  type Manifest,
} from "../../../../src/format/batch/manifest.ts";
import { codeOf, vectors } from "../support/vectors.ts";

const batch = await sampleBatch();
const vector = vectors("batch") as { manifest: string; batchId: string };

/** The manifest as JSON with one value put in by its path. */
function changed(path: string, value: unknown): unknown {
  const json = parseCanonicalJson(batch.manifestBytes);
  const names = path.split(".");
  let target = json as Record<string, unknown>;
  for (const name of names.slice(0, -1)) target = target[name] as Record<string, unknown>;
  const last = names.at(-1) as string;
  if (value === undefined) delete target[last];
  else target[last] = value;
  return json;
}

describe("manifest", () => {
  it("has the bytes and the batch id of the vectors", () => {
    expect(new TextDecoder().decode(encodeManifest(batch.manifest))).toBe(vector.manifest);
    expect(batchIdOf(utf8(vector.manifest))).toBe(vector.batchId);
    expect(toHex(keccak(utf8(vector.manifest)))).toBe(vector.batchId);
  });

  it("reads back what it wrote, masses as bigint", () => {
    const manifest = decodeManifest(batch.manifestBytes);
    expect(manifest).toEqual(batch.manifest);
    expect(typeof manifest.totalMilligrams).toBe("bigint");
  });

  it("is closed: no field more, none less, at any depth", () => {
    const json = parseCanonicalJson(batch.manifestBytes) as Record<string, unknown>;
    for (const name of Object.keys(json))
      expect([name, codeOf(() => parseManifest(changed(name, undefined)))]).toEqual([
        name,
        "manifest.malformed",
      ]);
    for (const path of [
      "extra",
      "vintage.extra",
      "contracts.Extra",
      "providers.0.extra",
      "methodologies.0.extra",
      "archive.extra",
      "schemas.extra",
    ]) {
      expect([path, codeOf(() => parseManifest(changed(path, 1)))]).toEqual([path, "manifest.malformed"]);
    }
    const polluted: unknown = JSON.parse(vector.manifest.replace("{", '{"__proto__":{"tenant":"other"},'));
    expect(codeOf(() => parseManifest(polluted))).toBe("manifest.malformed");
  });

  it("refuses values out of their form", () => {
    const bad: [path: string, value: unknown][] = [
      ["format", "microtonne-batch/2"],
      ["chainId", 31337],
      ["chainId", "031337"],
      ["contracts.CarbonCredit", `0x${"AB".repeat(20)}`],
      ["operator", `0x${"ab".repeat(19)}`],
      ["tenant", "Demo"],
      ["region", "wuhan"],
      ["region", "WUHANWUHAN"],
      ["vintage.startDay", -1],
      ["vintage.startDay", 1.5],
      ["vintage.timeZone", "Asia Shanghai"],
      ["leafCount", 2 ** 32],
      ["leafCount", "5"],
      ["totalMilligrams", 5],
      ["totalMilligrams", "05"],
      ["totalMilligrams", "five"],
      ["totalMilligrams", ""],
      ["totalMilligrams", "0x10"],
      ["totalMilligrams", "9223372036854775808"],
      ["root", `0x${"AB".repeat(32)}`],
      ["bufferBps", 10_001],
      ["keyScheme", []],
      ["methodologies", []],
      ["providers", []],
      ["providers.0.algorithm", "ed25519"],
      ["providers.0.signingKey", "0x00"],
      ["previousBatchId", "0x07"],
      ["archive.bundleLeaves", 128],
      ["createdAt", "now"],
      ["methodologies.0.gramsPerUnit", "78.40"],
      ["methodologies.0.unit", "trip"],
    ];
    for (const [path, value] of bad)
      expect([path, codeOf(() => parseManifest(changed(path, value)))]).toEqual([path, "manifest.malformed"]);
  });

  it("refuses fields that contradict each other", () => {
    const { methodologies, providers, keyScheme } = parseCanonicalJson(batch.manifestBytes) as Record<
      string,
      unknown[]
    >;
    const [first, second] = methodologies as [object, object];
    const bad: [path: string, value: unknown, code: string][] = [
      ["vintage.endDay", 20_453, "manifest.vintage"],
      ["vintage.endDay", 20_819, "manifest.vintage"],
      ["vintage.startDay", 20_453, "manifest.vintage"],
      ["previousBatchId", `0x${"00".repeat(32)}`, "manifest.previous"],
      ["leafCount", 0, "manifest.total"],
      ["totalMilligrams", "4", "manifest.total"],
      ["leafCount", 2 ** 32 - 1, "manifest.total"],
      ["subjectlessMilligrams", "99999999999", "manifest.total"],
      ["methodologies", [second, first], "manifest.methodologies"],
      ["methodologies", [first, first], "manifest.methodologies"],
      ["methodologies", [{ ...first, region: "LUZHOU" }], "manifest.methodologies"],
      ["methodologies", [{ ...first, timeZone: "Asia/Urumqi" }], "manifest.methodologies"],
      [
        "methodologies",
        [{ ...first, validFrom: "2020-01-01", validTo: "2025-12-31" }],
        "manifest.methodologies",
      ],
      ["providers", (providers as object[]).toReversed(), "manifest.providers"],
      ["providers", [providers?.[0], providers?.[0]], "manifest.providers"],
      ["keyScheme", (keyScheme as object[]).toReversed(), "manifest.key-scheme"],
      ["keyScheme", [{ ...(keyScheme?.[0] as object), year: 2024 }], "manifest.key-scheme"],
    ];
    for (const [path, value, code] of bad)
      expect([path, codeOf(() => parseManifest(changed(path, value)))]).toEqual([path, code]);
  });

  it("takes a provider's signing key with its window, whole or not at all", () => {
    const key = {
      algorithm: "ed25519",
      signingKey: "0x33b402cf644b3d58db5e172fef999689a3e89eea386eb001dbc2445de6f25795",
      validFrom: 5,
      validTo: 9,
    };
    const provider = { id: "wuhan-bike", name: "Bikes" };
    const codeWith = (change: object) =>
      codeOf(() => parseManifest(changed("providers.0", { ...provider, ...key, ...change })));
    expect([codeWith({}), codeWith({ validTo: null })]).toEqual(["accepted", "accepted"]);
    const malformed: object[] = [
      { algorithm: "none" },
      { signingKey: null },
      { validFrom: null },
      { algorithm: "rsa" },
      { signingKey: "0x33" },
    ];
    expect(malformed.map(codeWith)).toEqual(malformed.map(() => "manifest.malformed"));
    const senseless: object[] = [
      { validTo: 5 },
      { signingKey: `0x01${"00".repeat(31)}` },
      { signingKey: `0x${"ff".repeat(32)}` },
    ];
    expect(senseless.map(codeWith)).toEqual(senseless.map(() => "manifest.signing-key"));
  });

  it("refuses to write what it would not read", () => {
    const wrong: Manifest = { ...batch.manifest, leafCount: 0 };
    expect(codeOf(() => encodeManifest(wrong))).toBe("manifest.total");
    expect(codeOf(() => encodeManifest({ ...batch.manifest, bufferBps: -1 }))).toBe("manifest.malformed");
    expect(codeOf(() => encodeManifest({ ...batch.manifest, previousBatchId: null }))).toBe("accepted");
    expect(codeOf(() => batchId("0x07"))).toBe("id.malformed");
  });

  it("refuses bytes that are not canonical", () => {
    const pretty = utf8(JSON.stringify(JSON.parse(vector.manifest), null, 1));
    expect(codeOf(() => decodeManifest(pretty))).toBe("json.not-canonical");
    expect(codeOf(() => decodeManifest(utf8(`${vector.manifest}\n`)))).toBe("json.not-canonical");
    expect(canonicalJson(JSON.parse(vector.manifest))).toBe(vector.manifest);
  });

  it("rounds the buffer down, never above the total", () => {
    fc.assert(
      fc.property(fc.bigInt(0n, 2n ** 63n - 1n), fc.nat(10_000), (total, bps) => {
        const buffer = bufferMilligramsDown(total as Milligrams, bps);
        expect(
          buffer * 10_000n <= total * BigInt(bps) &&
            (buffer + 1n) * 10_000n > total * BigInt(bps) &&
            buffer <= total,
        ).toBe(true);
      }),
    );
    expect(codeOf(() => bufferMilligramsDown(1n as Milligrams, 10_001))).toBe("manifest.buffer");
    expect(codeOf(() => bufferMilligramsDown(1n as Milligrams, 0.5))).toBe("manifest.buffer");
  });
});
