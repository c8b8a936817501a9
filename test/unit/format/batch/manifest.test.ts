import { describe, expect, it } from "vitest";
import { sampleBatch } from "../../../../scripts/generate/vectors/sampleBatch.ts";
import { toHex, utf8 } from "../../../../src/base/lib/bytes.ts";
import { MAX_MILLIGRAMS } from "../../../../src/base/lib/mass.ts";
import { batchId, providerId } from "../../../../src/base/lib/ids.ts";
import type { Hex } from "../../../../src/base/types/ids.ts";
import type { Day, UnixSeconds } from "../../../../src/base/types/quantities.ts";
import { canonicalJson, parseCanonicalJson } from "../../../../src/format/canonicalJson.ts";
import { keccak } from "../../../../src/format/keccak.ts";
import {
  batchIdOf,
  decodeManifest,
  encodeManifest,
  parseManifest,
  type Manifest,
  type Manifest2,
  type ManifestProject,
  type ManifestProvider,
  type Sm2Provider,
} from "../../../../src/format/batch/manifest.ts";
import { methodologyIdOf } from "../../../../src/format/batch/methodology.ts";
import type { Manifest1 } from "../../../../src/format/v1/manifest.ts";
import { CORE_CONTRACT_NAMES } from "../../../../src/format/v1/contractNames.ts";
import { toldCodeOf, vectors } from "../support/vectors.ts";

const batch = await sampleBatch();

/** A manifest as JSON with one value put in by its path. */
function changedIn(bytes: Uint8Array, path: string, value: unknown): unknown {
  const json = parseCanonicalJson(bytes);
  const names = path.split(".");
  let target = json as Record<string, unknown>;
  for (const name of names.slice(0, -1)) target = target[name] as Record<string, unknown>;
  const last = names.at(-1) as string;
  if (value === undefined) delete target[last];
  else target[last] = value;
  return json;
}

describe.each([
  ["microtonne-batch/1", "v1/batch", "contracts"],
  ["microtonne-batch/2", "batch", "contracts.0"],
])("a manifest of %s", (format, file, contract) => {
  const vector = vectors(file) as { manifest: string; batchId: string };
  const bytes = utf8(vector.manifest);
  const decoded = decodeManifest(bytes);
  const changed = (path: string, value: unknown): unknown => changedIn(bytes, path, value);

  it("has the bytes and the batch id of the vectors", () => {
    expect(decoded.format).toBe(format);
    expect(new TextDecoder().decode(encodeManifest(decoded))).toBe(vector.manifest);
    expect(batchIdOf(utf8(vector.manifest))).toBe(vector.batchId);
    expect(toHex(keccak(utf8(vector.manifest)))).toBe(vector.batchId);
  });

  it("reads back what it wrote, masses as bigint", () => {
    expect(decodeManifest(encodeManifest(decoded))).toEqual(decoded);
    expect(typeof decoded.totalMilligrams).toBe("bigint");
    // By name in either format, whatever the file's own form.
    expect(Object.keys(decoded.contracts).toSorted()).toEqual(CORE_CONTRACT_NAMES.toSorted());
  });

  it("is closed: no field more, none less, at any depth", () => {
    const json = parseCanonicalJson(bytes) as Record<string, unknown>;
    for (const name of Object.keys(json))
      expect([name, toldCodeOf(() => parseManifest(changed(name, undefined)))]).toEqual([
        name,
        "manifest.malformed",
      ]);
    for (const path of [
      "extra",
      "vintage.extra",
      `${contract}.Extra`,
      "providers.0.extra",
      "methodologies.0.extra",
      "archive.extra",
      "schemas.extra",
    ]) {
      expect([path, toldCodeOf(() => parseManifest(changed(path, 1)))]).toEqual([path, "manifest.malformed"]);
    }
    const polluted: unknown = JSON.parse(vector.manifest.replace("{", '{"__proto__":{"tenant":"other"},'));
    expect(toldCodeOf(() => parseManifest(polluted))).toBe("manifest.malformed");
  });

  it("refuses values out of their form", () => {
    const bad: [path: string, value: unknown][] = [
      ["format", "microtonne-batch/0"],
      ["format", "microtonne-batch/2.5"],
      ["chainId", 31337],
      ["chainId", "031337"],
      [format.endsWith("1") ? "contracts.CarbonCredit" : "contracts.0.address", `0x${"AB".repeat(20)}`],
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
    for (const [path, value] of bad) {
      expect([path, toldCodeOf(() => parseManifest(changed(path, value)))]).toEqual([
        path,
        "manifest.malformed",
      ]);
      expect(() => parseManifest(changed(path, value))).toThrow(
        `The manifest breaks its schema at ${path === "providers.0.algorithm" ? "providers.0" : path}`,
      );
    }
  });

  it("takes values at the bounds of their form", () => {
    const taken: [path: string, value: unknown][] = [
      ["bufferBps", 0],
      ["bufferBps", 10_000],
      ["chainId", "0"],
      ["tenant", "a".repeat(32)],
      ["subjectlessMilligrams", "0"],
      ["subjectlessMilligrams", decoded.totalMilligrams.toString()],
      ["leafCount", 1],
      ["totalMilligrams", MAX_MILLIGRAMS.toString()],
    ];
    for (const [path, value] of taken)
      expect([path, toldCodeOf(() => parseManifest(changed(path, value)))]).toEqual([path, "accepted"]);
    const heavier = (decoded.totalMilligrams + 1n).toString();
    expect(toldCodeOf(() => parseManifest(changed("subjectlessMilligrams", heavier)))).toBe("manifest.total");
    const leaves = (count: number) =>
      parseManifest({
        ...(changed("leafCount", count) as object),
        totalMilligrams: "7",
        subjectlessMilligrams: "0",
      });
    expect(toldCodeOf(() => leaves(7))).toBe("accepted");
    expect(toldCodeOf(() => leaves(8))).toBe("manifest.total");
  });

  it("refuses fields that contradict each other", () => {
    const { methodologies, providers, keyScheme } = parseCanonicalJson(bytes) as Record<string, unknown[]>;
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
      expect([path, toldCodeOf(() => parseManifest(changed(path, value)))]).toEqual([path, code]);
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
      toldCodeOf(() => parseManifest(changed("providers.0", { ...provider, ...key, ...change })));
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
    const wrong: Manifest = { ...decoded, leafCount: 0 };
    expect(toldCodeOf(() => encodeManifest(wrong))).toBe("manifest.total");
    expect(toldCodeOf(() => encodeManifest({ ...decoded, bufferBps: -1 }))).toBe("manifest.malformed");
    expect(toldCodeOf(() => encodeManifest({ ...decoded, previousBatchId: null }))).toBe("accepted");
    expect(toldCodeOf(() => batchId("0x07"))).toBe("id.malformed");
  });

  it("refuses bytes that are not canonical", () => {
    const pretty = utf8(JSON.stringify(JSON.parse(vector.manifest), null, 1));
    expect(toldCodeOf(() => decodeManifest(pretty))).toBe("json.not-canonical");
    expect(toldCodeOf(() => decodeManifest(utf8(`${vector.manifest}\n`)))).toBe("json.not-canonical");
    expect(canonicalJson(JSON.parse(vector.manifest))).toBe(vector.manifest);
  });

  it("of a later version says that it is", () => {
    expect(toldCodeOf(() => parseManifest(changed("format", "microtonne-batch/3")))).toBe("manifest.newer");
    expect(() => parseManifest(changed("format", "microtonne-batch/12"))).toThrow(
      /written by a newer version: it is microtonne-batch\/12/,
    );
  });
});

describe("a manifest of the second format", () => {
  const changed = (path: string, value: unknown): unknown => changedIn(batch.manifestBytes, path, value);
  const json = parseCanonicalJson(batch.manifestBytes) as { contracts: { name: string; address: string }[] };
  const codeWith = (change: Partial<Manifest2>) =>
    toldCodeOf(() => encodeManifest({ ...batch.manifest, ...change }));
  const words = (byte: string) => `0x${byte.repeat(32)}` as const;

  it("is the sample's, written by the generator of the vectors", () => {
    expect(encodeManifest(batch.manifest)).toEqual(utf8((vectors("batch") as { manifest: string }).manifest));
  });

  it("takes each of its own members in its form alone", () => {
    const bad: [path: string, value: unknown][] = [
      ["category", "acts"],
      ["claimPeriodDays", 65_536],
      ["claimPeriodDays", -1],
      ["placeOfActs", "hubei"],
      ["hostCountry", "CHN"],
      ["hostCountry", "cn"],
      ["correspondingAdjustment", "authorized"],
      ["useBy", "2030-01-01"],
      ["useBy", -1],
      ["title.kind", "consent"],
      ["title.documentHash", "0x11"],
      ["title", null],
      ["campaign", {}],
      ["campaign", { id: "Spring", documentHash: words("11") }],
      ["projects", null],
      ["scenarioClasses.version", 0],
      ["scenarioClasses.hash", null],
      ["plausibility.version", "1"],
      ["previousDeployment", { chainId: 1, registry: `0x${"11".repeat(20)}` }],
      ["previousDeployment", { chainId: "1", registry: "0x11" }],
      ["verification.level", "high"],
      ["verification.opinion", "adverse"],
      ["verification.extra", 1],
      ["audience.leaves", "nobody"],
      ["audience.bundles", "public"],
      ["schemas.record", "microtonne-record/1"],
      ["schemas.scenarioClasses", words("11")],
    ];
    for (const [path, value] of bad)
      expect([path, toldCodeOf(() => parseManifest(changed(path, value)))]).toEqual([
        path,
        "manifest.malformed",
      ]);
    expect(toldCodeOf(() => parseManifest(changed("claimPeriodDays", 65_535)))).toBe("accepted");
    for (const path of ["useBy", "campaign", "previousDeployment", "verification"])
      expect([path, toldCodeOf(() => parseManifest(changed(path, null)))]).toEqual([path, "accepted"]);
  });

  it("names contracts in an open list, which comes back byte for byte", () => {
    const entry = (name: string, byte: string) => ({ name, address: `0x${byte.repeat(20)}` });
    const codeOfList = (list: object[]) => toldCodeOf(() => parseManifest(changed("contracts", list)));
    const sorted = (list: { name: string }[]) => list.toSorted((a, b) => (a.name < b.name ? -1 : 1));
    const more = sorted([...json.contracts, entry("PledgeRegistry", "a1"), entry("TradeAnchor", "b1")]);
    const bytes = utf8(canonicalJson(changed("contracts", more)));
    expect(decodeManifest(bytes).contracts).toMatchObject({ TradeAnchor: `0x${"b1".repeat(20)}` });
    expect(encodeManifest(decodeManifest(bytes))).toEqual(bytes);
    expect(codeOfList([...more].toReversed())).toBe("manifest.malformed");
    expect(codeOfList([...json.contracts, entry("__proto__", "a1")])).toBe("manifest.malformed");
    expect(codeOfList(sorted([...json.contracts, ...json.contracts.slice(0, 1)]))).toBe("manifest.malformed");
    const many = Array.from({ length: 55 }, (_, i) => entry(`Contract${String(i + 10)}`, String(i + 10)));
    expect(codeOfList(sorted([...json.contracts, ...many]))).toBe("manifest.malformed");
    expect(codeOfList(json.contracts.slice(1))).toBe("manifest.contracts");
    const [first] = json.contracts as [{ name: string; address: string }];
    expect(codeOfList(sorted([...json.contracts, { ...first, name: "Twin" }]))).toBe("manifest.contracts");
  });

  it("says by what right it pools: a project's owner pools projects, and nobody else does", () => {
    const documentHash = words("11");
    expect(codeWith({ title: { kind: "consent-scope", documentHash } })).toBe("accepted");
    expect(codeWith({ title: { kind: "project-owner", documentHash } })).toBe("manifest.title");
    expect(codeWith({ ...PROJECTS, title: { kind: "programme", documentHash } })).toBe("manifest.title");
  });

  it("has projects, which are its providers, where it is of projects, and none elsewhere", () => {
    const [first, second] = PROJECTS.projects as unknown as [ManifestProject, ManifestProject];
    const withProjects = (projects: readonly ManifestProject[]) => codeWith({ ...PROJECTS, projects });
    // A methodology of the first schema counts acts; the rest of this batch is right.
    expect(codeWith(PROJECTS)).toBe("manifest.methodology-category");
    expect(codeWith({ projects: [first] })).toBe("manifest.projects");
    expect(withProjects([])).toBe("manifest.projects");
    expect(withProjects([second, first])).toBe("manifest.projects");
    expect(withProjects([first, first])).toBe("manifest.projects");
    const ended = { startDay: 20_000 as Day, endDay: 19_999 as Day };
    expect(withProjects([{ ...first, creditingPeriod: ended }, second])).toBe("manifest.projects");
    expect(withProjects([{ ...first, excludes: ["metro", "bike"] }, second])).toBe("manifest.projects");
    expect(withProjects([first])).toBe("manifest.project-providers");
    expect(withProjects([first, { ...second, id: providerId("wuhan-tram") }])).toBe(
      "manifest.project-providers",
    );
    const project = parseCanonicalJson(utf8(canonicalJson(first)));
    for (const change of [
      { name: "" },
      { registration: " 1" },
      { place: "hb" },
      { excludes: ["Bike"] },
      { excludes: ["b"] },
      { x: 1 },
    ])
      expect(
        toldCodeOf(() => parseManifest(changed("projects", [{ ...(project as object), ...change }]))),
      ).toBe("manifest.malformed");
  });

  it("counts by methodologies of its own category", () => {
    expect(codeWith({ category: "behaviour" })).toBe("manifest.methodology-category");
  });

  it("is used by a day that its vintage allows", () => {
    expect(codeWith({ useBy: batch.manifest.vintage.endDay })).toBe("accepted");
    expect(codeWith({ useBy: (batch.manifest.vintage.endDay - 1) as Day })).toBe("manifest.use-by");
    expect(codeWith({ useBy: 2_932_896 as Day })).toBe("accepted");
    // The last two are days that no calendar here has.
    for (const day of [2_932_897, 100_000_001, 4_000_000_000])
      expect(codeWith({ useBy: day as Day })).toBe("manifest.use-by");
    const vintage = { ...batch.manifest.vintage, startDay: 0 as Day, endDay: 0 as Day };
    const methodologies = batch.manifest.methodologies.map((one) => ({ ...one, validFrom: "1970-01-01" }));
    const ids = methodologies.toSorted((a, b) => (methodologyIdOf(a) < methodologyIdOf(b) ? -1 : 1));
    const keyScheme = batch.manifest.keyScheme.slice(0, 1).map((year) => ({ ...year, year: 1970 }));
    const first = { vintage, methodologies: ids, keyScheme };
    expect(codeWith({ ...first, useBy: null })).toBe("accepted");
    expect(codeWith({ ...first, useBy: 0 as Day })).toBe("manifest.use-by");
  });

  it("does not go on from its own deployment", () => {
    const { chainId, contracts } = batch.manifest;
    const registry = contracts.BatchRegistry;
    expect(codeWith({ previousDeployment: { chainId, registry } })).toBe("manifest.previous-deployment");
    expect(codeWith({ previousDeployment: { chainId: "1", registry } })).toBe("accepted");
  });

  it("takes an SM2 key by its form", () => {
    const [first, ...others] = batch.manifest.providers as [ManifestProvider, ...ManifestProvider[]];
    const signingKey = `0x04${"11".repeat(64)}` as Hex;
    const sm2 = { ...first, algorithm: "sm2-sm3", signingKey, validFrom: 5, validTo: null } as Sm2Provider;
    const codeOfKey = (change: Partial<Sm2Provider>) =>
      codeWith({ providers: [{ ...sm2, ...change }, ...others] });
    expect(codeOfKey({})).toBe("accepted");
    for (const key of [`0x03${"11".repeat(64)}`, `0x04${"11".repeat(63)}`, words("11")] as Hex[])
      expect(codeOfKey({ signingKey: key })).toBe("manifest.malformed");
    expect(codeOfKey({ validTo: 5 as UnixSeconds })).toBe("manifest.signing-key");
    const old = decodeManifest(utf8((vectors("v1/batch") as { manifest: string }).manifest)) as Manifest1;
    expect(toldCodeOf(() => encodeManifest({ ...old, providers: [sm2, ...others] as never }))).toBe(
      "manifest.malformed",
    );
  });
});

/** What a batch of two projects says otherwise than the sample. */
const PROJECTS = {
  category: "project",
  title: { kind: "project-owner", documentHash: `0x${"11".repeat(32)}` },
  projects: ["wuhan-bike", "wuhan-metro"].map((id) => ({
    id: providerId(id),
    name: `Project ${id}`,
    registration: "HB-PHCER-2025-017",
    creditingPeriod: { startDay: 19_000 as Day, endDay: 21_000 as Day },
    place: batch.manifest.placeOfActs,
    baselineHash: `0x${"22".repeat(32)}`,
    excludes: ["bike", "metro"],
  })),
} satisfies Partial<Manifest2>;
