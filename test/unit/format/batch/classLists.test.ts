import { describe, expect, it } from "vitest";
import { toHex, utf8 } from "../../../../src/base/lib/bytes.ts";
import { canonicalJson } from "../../../../src/format/canonicalJson.ts";
import { keccak } from "../../../../src/format/keccak.ts";
import {
  ClassLists,
  SHIPPED_CLASS_LISTS,
  scenarioClassListHash,
  type PublishedClasses,
} from "../../../../src/format/batch/classes/classLists.ts";
import { decodeManifest, type Manifest2 } from "../../../../src/format/batch/manifest.ts";
import versions from "../../../../src/format/batch/classes/versions.json" with { type: "json" };
import {
  LISTED_CLASSES,
  SCENARIO_CLASSES,
  type ListedClass,
} from "../../../../src/format/batch/classes/scenarioClasses.ts";
import { CLASS_LIST_HASH_1, MAX_CLASS_CODE_1 } from "../../../../src/format/v1/scenarioClasses.ts";
import firstList from "../../../../src/format/v1/scenario-classes.json" with { type: "json" };
import { toldCodeOf, vectors } from "../support/vectors.ts";
import { longerClassLists, publishedClasses } from "./support/longerClassLists.ts";

const manifestOf = (file: string) => decodeManifest(utf8((vectors(file) as { manifest: string }).manifest));
const today = manifestOf("batch") as Manifest2;
const old = manifestOf("v1/batch");
const tram: ListedClass = { code: 9, name: "tram", unit: "km" };

describe("the shipped list of scenario classes", () => {
  it("has published versions, which are never changed and each a prefix of the list", () => {
    // A line is added here with each version; none is ever taken away.
    expect(versions).toEqual([
      { version: 1, highest: 8, hash: "0x3427539cefbd07698f72ee969455d6d92ecaca891f4618d6f4bb919549acf8c8" },
      { version: 2, highest: 8, hash: "0x169c218528f75989a5872a0ad10ff0fbf2a66a889032358f27f87903eed6cfe7" },
    ]);
    expect(LISTED_CLASSES.at(-1)?.code).toBe(versions.at(-1)?.highest);
    expect(scenarioClassListHash()).toBe(versions.at(-1)?.hash);
    expect(SHIPPED_CLASS_LISTS.newest).toMatchObject(versions.at(-1) ?? {});
  });

  it("began as that of the first format, whose manifests hash what excludes what", () => {
    expect([CLASS_LIST_HASH_1, MAX_CLASS_CODE_1]).toEqual([versions[0]?.hash, versions[0]?.highest]);
    expect(CLASS_LIST_HASH_1).toBe(
      (vectors("v1/keys") as { scenarioClassListHash: string }).scenarioClassListHash,
    );
    expect(SCENARIO_CLASSES.slice(0, 8)).toEqual(firstList);
  });
});

describe("the list of a batch", () => {
  it("is the version that its manifest names", () => {
    expect(SHIPPED_CLASS_LISTS.of(old)?.version).toBe(1);
    expect(SHIPPED_CLASS_LISTS.of(today)?.version).toBe(2);
    expect(SHIPPED_CLASS_LISTS.of(today)?.codeOf("bike")).toBe(3);
    expect(
      SHIPPED_CLASS_LISTS.of({ ...today, scenarioClasses: { ...today.scenarioClasses, version: 3 } }),
    ).toBe(null);
  });

  it("stays known after a class was appended, and has not got that class", () => {
    const longer = longerClassLists(tram);
    for (const manifest of [old, today]) {
      expect(longer.of(manifest)).toMatchObject({ highest: 8 });
      expect(longer.of(manifest)?.codeOf("tram")).toBe(null);
    }
    expect(longer.newest.codeOf("tram")).toBe(9);
    expect(longer.newest.version).toBe(3);
  });

  it("may be one that a registrar published beside the shipped ones", () => {
    const own: ListedClass = { code: 0x8001, name: "walking", unit: "km" };
    const published = publishedClasses([...LISTED_CLASSES, own], 3);
    const { version, hash } = published.versions[0] as (typeof published.versions)[number];
    const manifest = { ...today, scenarioClasses: { version, hash } };
    expect(SHIPPED_CLASS_LISTS.of(manifest)).toBe(null);
    const known = SHIPPED_CLASS_LISTS.with(published);
    expect(known.of(manifest)?.codeOf("walking")).toBe(0x8001);
    expect([known.of(today)?.version, known.newest.hash]).toEqual([2, hash]);
  });
});

describe("a published list that contradicts what a later release ships", () => {
  it("stops nobody, and is refused by name where a batch is read by it", () => {
    const ferry = publishedClasses([...LISTED_CLASSES, { ...tram, name: "ferry" }], 3);
    const later = longerClassLists(tram).withUsable(ferry, "scenario-classes:NEWCITY@3");
    expect(later.newest.codeOf("tram")).toBe(9);
    expect(later.of(today)?.version).toBe(2);
    const { version, hash } = ferry.versions[0] as (typeof ferry.versions)[number];
    const read = () => later.of({ ...today, scenarioClasses: { version, hash } });
    expect(toldCodeOf(read)).toBe("classes.conflict");
    expect(read).toThrow("scenario-classes:NEWCITY@3");
  });
});

describe("lists of scenario classes are refused", () => {
  const codeWith = (published: PublishedClasses) => toldCodeOf(() => SHIPPED_CLASS_LISTS.with(published));
  it.each<[string, PublishedClasses, string]>([
    ["of which a version is not what it hashes to", changedHash(), "classes.hash"],
    ["that give a code another meaning", publishedClasses([{ ...tram, code: 8 }], 3), "classes.conflict"],
    ["that give a name another code", publishedClasses([{ ...tram, name: "bus" }], 3), "classes.conflict"],
    [
      "that give a class another unit",
      publishedClasses([{ code: 2, name: "bus", unit: "km" }], 3),
      "classes.conflict",
    ],
    ["that do not ascend", publishedClasses([tram, tram], 3), "classes.order"],
    ["beyond uint16", publishedClasses([{ ...tram, code: 65_536 }], 3), "classes.order"],
  ])("%s", (_, published, code) => {
    expect(codeWith(published)).toBe(code);
  });

  it("without a version", () => {
    expect(toldCodeOf(() => new ClassLists([{ classes: [tram], versions: [] }]))).toBe("classes.order");
  });

  function changedHash(): PublishedClasses {
    const hash = toHex(keccak(utf8(canonicalJson([tram]))));
    return { classes: [{ ...tram, name: "trams" }], versions: [{ version: 3, highest: 9, hash }] };
  }
});
