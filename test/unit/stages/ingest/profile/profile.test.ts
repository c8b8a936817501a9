import { describe, expect, it } from "vitest";
import { InputError, UsageError } from "../../../../../src/base/errors/errors.ts";
import {
  parseProfile,
  profileHash,
  withProvider,
  withRegion,
} from "../../../../../src/stages/ingest/profile/profile.ts";
import {
  shippedProfile,
  shippedProfileNames,
  shippedProfileText,
} from "../../../../../src/stages/ingest/profile/shippedProfiles.ts";
import { refusedFor, SENTENCE } from "../../../../support/refusedFor.ts";
import { profileText, smallProfile } from "../support/helpers.ts";

function refusal(parts: Readonly<Record<string, string | null>> | string): string {
  try {
    parseProfile(typeof parts === "string" ? parts : profileText(parts));
  } catch (error) {
    if (error instanceof InputError) return `${error.code} ${error.message}`;
    throw error;
  }
  return "accepted";
}

const PAIRING =
  "{ by: id, at: { columns: [start] }, kind: { column: id, entry: [a], exit: [b] }, maxSeconds: 100 }";
const READINGS =
  "{ meter: id, at: { columns: [start] }, value: { column: km, unit: kWh }, everySeconds: 1800, " +
  "period: day }";

describe("a profile", () => {
  it("gets every default filled in", () => {
    const { format, time, rules, joins, subject } = smallProfile();
    expect(format).toMatchObject({
      kind: "csv",
      delimiter: ",",
      quote: '"',
      header: true,
      encoding: "utf-8",
      ragged: "reject",
    });
    expect(time).toEqual({
      format: "unix-seconds",
      zone: null,
      ambiguous: "reject",
      nonexistent: "reject",
      swapped: "refuse",
      zoneColumn: null,
    });
    expect(rules.futureToleranceSeconds).toBe(300);
    expect([joins, subject]).toEqual([[], null]);
  });

  it("has a hash of what it means, not of how it is written", () => {
    const rewritten =
      "# a " +
      `comment\n${profileText({ format: "{ delimiter: ',', kind: csv }", rules: "{ maxSpeedKmh: 40 }" })}`;
    expect(profileHash(parseProfile(rewritten))).toBe(
      profileHash(smallProfile({ rules: "{ maxSpeedKmh: '40' }" })),
    );
    expect(profileHash(parseProfile(rewritten))).not.toBe(
      profileHash(smallProfile({ rules: "{ maxSpeedKmh: 41 }" })),
    );
    expect(profileHash(smallProfile())).toMatch(/^0x[0-9a-f]{64}$/);
  });

  it("can serve another provider or region", () => {
    const other = withRegion(withProvider(smallProfile(), "metro-app", "Metro app"), "LUZHOU");
    expect([other.provider, other.region]).toEqual([{ id: "metro-app", name: "Metro app" }, "LUZHOU"]);
    expect(profileHash(other)).not.toBe(profileHash(smallProfile()));
    expect(() => withProvider(smallProfile(), "Metro App")).toThrow(InputError);
    expect(() => withRegion(smallProfile(), "wuhan")).toThrow(InputError);
  });

  it.each([
    ["an unknown key", { colour: "red" }, "colour"],
    ["an unknown key further down", { recordId: "{ columns: [id], seperator: x }" }, "seperator"],
    ["__proto__", { __proto__x: null, format: "{ kind: csv, __proto__: { header: false } }" }, "__proto__"],
    ["no record id", { recordId: null }, "recordId"],
    ["a provider id with capitals", { provider: "{ id: Small, name: S }" }, "provider.id"],
    ["a region in small letters", { region: "wuhan" }, "region"],
    ["a delimiter of five characters", { format: "{ kind: csv, delimiter: '|||||' }" }, "delimiter"],
    ["a delimiter with letters", { format: "{ kind: csv, delimiter: '|x|' }" }, "delimiter"],
    ["one mark for fractions and thousands", { numbers: "{ decimal: ',', group: ',' }" }, "numbers"],
    ["a list of rows that is no pointer", { format: "{ kind: ndjson, each: trips }" }, "each"],
    ["a quote as delimiter", { format: "{ kind: csv, delimiter: '\"' }" }, "delimiter"],
    ["an unknown encoding", { format: "{ kind: csv, encoding: latin-1 }" }, "encoding"],
    ["leave to guess nonexistent times", { time: "{ format: iso, nonexistent: later }" }, "nonexistent"],
    ["a bound that is no number", { rules: "{ maxSpeedKmh: fast }" }, "maxSpeedKmh"],
    ["a join without table", { joins: "[{ name: a, column: id }]" }, "joins[0]"],
  ])("may not have %s", (_what, parts, where) => {
    const message = refusal(parts);
    expect(message).toContain("profile.malformed");
    expect(message).toContain(where);
    expect(message).toMatch(SENTENCE);
  });

  it.each([
    ["a time pattern that is none", { time: "{ format: sometime }" }, "profile.time-format"],
    ["a zone that is none", { time: "{ format: iso, zone: Mars/Olympus }" }, "zone.unknown"],
    ["a scenario that is none", { scenario: "{ constant: flying }" }, "scenario.unknown"],
    [
      "a mapped scenario that is none",
      { scenario: "{ column: kind, map: { a: bike, b: flying } }" },
      "scenario.unknown",
    ],
    [
      "a unit that its scenario is not counted in",
      { quantity: "{ column: km, unit: trip, as: trip }" },
      "profile.unit",
    ],
    ["a conversion that is none", { quantity: "{ column: km, unit: Wh, as: km }" }, "profile.unit"],
    [
      "a speed of what is no distance",
      { scenario: "{ constant: bus }", quantity: "{ constant: 1, as: trip }", rules: "{ maxSpeedKmh: 9 }" },
      "profile.unit",
    ],
    ["neither header nor columns", { format: "{ kind: csv, header: false }" }, "profile.reference"],
    ["header and columns", { format: "{ kind: csv, columns: [id] }" }, "profile.reference"],
    [
      "a field of a join that is none",
      { start: "{ columns: [{ join: stations, field: lat }] }" },
      "profile.reference",
    ],
    [
      "a join by a field of a later one",
      {
        joins:
          "[{ name: a, column: { join: b, field: x }, inline: {} }, { name: b, column: id, inline: { " +
          "'1': { x: y } } }]",
      },
      "profile.reference",
    ],
    ["a header row and columns", { format: "{ kind: xlsx, columns: [id] }" }, "profile.reference"],
    [
      "fields of an entry without pairing",
      { start: "{ columns: [{ join: entry, field: at }] }" },
      "profile.reference",
    ],
    ["cases for taps without pairing", { cases: "[{ when: { tap: single } }]" }, "profile.reference"],
    [
      "cases that name joins that are none",
      { cases: "[{ when: { column: id, in: [a] }, joins: [b] }]" },
      "profile.reference",
    ],
    [
      "cases whose scenario is counted in another unit",
      { cases: "[{ when: { column: id, in: [a] }, scenario: { constant: bus } }]" },
      "profile.unit",
    ],
    [
      "a case whose time format is none",
      { cases: "[{ when: { column: id, in: [a] }, start: { columns: [id], format: sometime } }]" },
      "profile.time-format",
    ],
    ["pairing and readings at once", { pairing: PAIRING, readings: READINGS }, "profile.reference"],
    [
      "taps that are named by their act",
      { pairing: PAIRING, recordId: "{ columns: [id], act: [start] }" },
      "profile.reference",
    ],
    [
      "fares without a case for exits alone",
      { pairing: PAIRING.replace("100 }", "100, exitWithoutEntry: fare }") },
      "profile.reference",
    ],
    [
      "readings in a unit that is no energy",
      { readings: READINGS.replace("kWh", "km"), time: "{ format: iso, zone: UTC }" },
      "profile.unit",
    ],
    ["readings without a zone", { readings: READINGS }, "profile.reference"],
    [
      "readings without a baseline",
      { readings: READINGS, time: "{ format: iso, zone: UTC }" },
      "profile.reference",
    ],
    [
      "a zone that is none for a word",
      { time: "{ format: iso, zoneColumn: { column: id, map: { X: Nowhere/Land } } }" },
      "zone.unknown",
    ],
    [
      "a unit that is none for a word",
      { quantity: "{ column: km, units: { x: furlong }, as: km }" },
      "profile.unit",
    ],
    ["a sum of nothing", { quantity: "{ sum: { plus: [] }, unit: km, as: km }" }, "profile.reference"],
    [
      "a range of JSON members",
      { format: "{ kind: ndjson }", quantity: "{ sum: { plus: { first: a, last: b } }, unit: km, as: km }" },
      "profile.reference",
    ],
    [
      "headings in JSON",
      { format: "{ kind: ndjson }", headings: "[{ when: { column: a, in: [b] }, fields: { c: d } }]" },
      "profile.reference",
    ],
    ["aliases in JSON", { format: "{ kind: ndjson }", aliases: "{ a: [b] }" }, "profile.reference"],
    ["positions in JSON", { format: "{ kind: ndjson }", recordId: "{ columns: [1] }" }, "profile.reference"],
  ])("may not have %s", (_what, parts, code) => {
    expect(refusal(parts)).toContain(code);
    expect(refusal(parts)).toMatch(SENTENCE);
    expect(refusal(parts)).toMatchSnapshot();
  });

  const ASSET = "{ kind: meter, column: meter }";
  const attributes = (count: number): string =>
    `{ ${Array.from({ length: count }, (_, i) => `a${String(i)}: { column: c${String(i)} }`).join(", ")} }`;
  it.each<[string, Readonly<Record<string, string>>]>([
    [
      "a subject whose signature has no nonce",
      { subject: "{ column: user, scope: provider }", signature: "{ column: sig }" },
    ],
    ["an asset of no kind", { asset: ASSET.replace("meter", "rocket") }],
    ["an asset's column in its record id", { asset: ASSET, recordId: "{ columns: [id, meter] }" }],
    ["17 attributes", { attributes: attributes(17) }],
    ["14 attributes and an attestor", { attributes: attributes(14), attestations: "[x]" }],
    ["an attestor's attribute", { attributes: "{ attestor-1: { column: x } }" }],
    ["an asset's number as attribute", { asset: ASSET, attributes: "{ a: { column: meter } }" }],
    [
      "a subject as attribute",
      { subject: "{ column: user, scope: provider }", attributes: "{ a: { column: user } }" },
    ],
    ["a join called entry", { pairing: PAIRING, joins: "[{ name: entry, column: id, inline: {} }]" }],
    ["taps named by a join", { pairing: PAIRING, recordId: "{ columns: [{ join: entry, field: a }] }" }],
    [
      "two joins of one name",
      { joins: "[{ name: a, column: id, inline: {} }, { name: a, column: id, inline: {} }]" },
    ],
    [
      "a position in JSON further down",
      { format: "{ kind: json }", subject: "{ column: 2, scope: provider }" },
    ],
  ])("may not have %s, and says so", (_what, parts) => {
    expect(refusal(parts)).toMatch(SENTENCE);
    expect(refusal(parts)).toMatchSnapshot();
  });

  it("may have as many attributes as a record holds", () => {
    expect(refusal({ attributes: attributes(16) })).toBe("accepted");
    expect(refusal({ attributes: attributes(13), attestations: "[x]" })).toBe("accepted");
    expect(refusal({ asset: ASSET, attributes: "{ a: { constant: meter } }" })).toBe("accepted");
    expect(
      refusal({ subject: "{ column: user, scope: provider }", signature: "{ column: sig, nonce: salt }" }),
    ).toBe("accepted");
    expect(refusal({ signature: "{ column: sig }" })).toBe("accepted");
  });

  it.each([
    ["aliases", "a: &x [1, 2]\nb: [*x, *x]"],
    ["tags", "schema: !!js/function 'return 1'"],
    ["own tags", profileText({ description: "!secret For tests." })],
    ["repeated keys", `${profileText()}region: LUZHOU\n`],
    ["two documents", `${profileText()}---\n${profileText()}`],
    ["broken YAML", "schema: [unclosed"],
  ])("may not use %s", (_what, text) => {
    expect(refusal(text)).toMatch(/^profile\.(yaml|malformed)/);
  });

  it("may not be a bomb of aliases or of size", () => {
    const lines = ["a0: &a0 [x]"];
    for (let i = 1; i < 40; i++)
      lines.push(`a${String(i)}: &a${String(i)} [*a${String(i - 1)}, *a${String(i - 1)}]`);
    expect(refusal(lines.join("\n"))).toContain("profile.yaml");
    expect(refusal("x".repeat(300_000))).toContain("profile.too-large");
  });
});

describe("shipped profiles", () => {
  it("are all well formed and named after their files", () => {
    const names = shippedProfileNames();
    expect(names).toEqual(
      expect.arrayContaining([
        "canonical-csv",
        "epfl-charging",
        "sgsc-electricity",
        "shenzhen-taps",
        "singapore-bikes",
      ]),
    );
    for (const name of names) expect(shippedProfile(name).name).toBe(name);
  });
  it("are found by name only, never by path", () => {
    expect(() => shippedProfile("../profileSchema")).toThrow(UsageError);
    expect(() => shippedProfileText("nothing")).toThrow(UsageError);
    expect(() => shippedProfileText("nothing")).toThrow(refusedFor("profile.unknown"));
    expect(() => shippedProfileText("nothing")).toThrow(
      /^No profile "nothing" ships with Microtonne; there are [a-z0-9-]+, /,
    );
    expect(() => shippedProfileText("x".repeat(99))).toThrow(`No profile "${"x".repeat(80)}" ships`);
    expect(shippedProfileNames()).toEqual(shippedProfileNames().toSorted());
  });
});
