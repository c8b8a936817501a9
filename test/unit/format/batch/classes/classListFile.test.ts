import { describe, expect, it } from "vitest";
import { toHex, utf8 } from "../../../../../src/base/lib/bytes.ts";
import {
  parseClassListFile,
  publishedClassesOf,
} from "../../../../../src/format/batch/classes/classListFile.ts";
import { canonicalJson } from "../../../../../src/format/canonicalJson.ts";
import { keccak } from "../../../../../src/format/keccak.ts";

const FERRY = { code: 1, name: "ferry", unit: "passenger-km" };
const TRAM = { code: 7, name: "tram", unit: "trip" };
const VALID = {
  schema: "microtonne-scenario-classes/1",
  region: "WUHAN",
  version: 1,
  classes: [FERRY, TRAM],
};
const faultOf = (change: object): string | null => {
  try {
    parseClassListFile({ ...VALID, ...change });
    return null;
  } catch (error) {
    const { code, message } = error as { code: string; message: string };
    expect(code).toBe("rules.malformed");
    return message.replace(/^The list of scenario classes breaks its schema at (.*)\.$/s, "$1");
  }
};

describe("a registry's file of scenario classes", () => {
  it("is taken at the bounds of its members", () => {
    for (const change of [
      {},
      { version: 10_000 },
      { classes: [{ ...FERRY, code: 0x7fff }] },
      { classes: [FERRY, { ...TRAM, code: 2 }] },
      { classes: [{ ...FERRY, name: "ab" }] },
    ])
      expect([change, faultOf(change)]).toEqual([change, null]);
  });

  it("is refused at the member that does not fit", () => {
    const above = "must be above the one before it";
    for (const [change, fault] of [
      [{ classes: [TRAM, FERRY] }, `classes.1.code: ${above}`],
      [{ classes: [FERRY, { ...TRAM, code: 1 }] }, `classes.1.code: ${above}`],
      [{ classes: [FERRY, { ...TRAM, name: "ferry" }] }, "classes.1.name: must be no other class's"],
      [{ classes: [{ ...FERRY, name: "Ferry" }] }, "classes.0.name: must be a name such as ferry"],
      [{ classes: [{ ...FERRY, unit: "" }] }, "classes.0.unit: must be a unit"],
      [{ classes: [{ ...FERRY, unit: 5 }] }, "classes.0.unit: must be a unit"],
    ] as const)
      expect([change, faultOf(change)]).toEqual([change, fault]);
    for (const [change, member] of [
      [{ schema: "microtonne-scenario-classes/2" }, "schema"],
      [{ version: 0 }, "version"],
      [{ version: 10_001 }, "version"],
      [{ classes: [] }, "classes"],
      [{ classes: [{ ...FERRY, code: 0 }] }, "classes.0.code"],
      [{ classes: [{ ...FERRY, code: 0x8000 }] }, "classes.0.code"],
      [{ classes: [{ ...FERRY, excludes: [] }] }, "classes.0"],
      [{ more: 1 }, "its top"],
    ] as const)
      expect([change, faultOf(change)?.split(": ")[0]]).toEqual([change, member]);
  });

  it("is published as one version, which hashes to the classes alone", () => {
    const file = parseClassListFile(VALID);
    const hash = toHex(keccak(utf8(canonicalJson(file.classes))));
    expect(publishedClassesOf(file)).toEqual({
      classes: file.classes,
      versions: [{ version: 1, highest: 7, hash }],
    });
    expect(publishedClassesOf({ version: 3, classes: [] }).versions[0].highest).toBe(0);
  });
});
