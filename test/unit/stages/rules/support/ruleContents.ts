import { toHex, utf8 } from "../../../../../src/base/lib/bytes.ts";
import { regionCode } from "../../../../../src/base/lib/ids.ts";
import type { UnixSeconds } from "../../../../../src/base/types/quantities.ts";
import { canonicalJson } from "../../../../../src/format/canonicalJson.ts";
import { keccak } from "../../../../../src/format/keccak.ts";
import type { RuleContent } from "../../../../../src/stages/rules/ports.ts";

/** A linear methodology version as a rule; whatever is given stands in its file or in what it says. */
export function linearRule(
  given: Partial<Omit<RuleContent, "json" | "id">> & { file?: Readonly<Record<string, unknown>> } = {},
): RuleContent {
  const { file, ...content } = given;
  const version = content.version ?? "1";
  const json = canonicalJson({
    version,
    unit: "km",
    gramsPerUnit: "50",
    caps: { unitsPerAct: null },
    from: content.validFrom ?? 1000,
    ...file,
  });
  return {
    kind: "methodology",
    id: toHex(keccak(utf8(json))),
    json,
    region: regionCode("CITY"),
    name: "CITY-BIKE",
    version,
    timeZone: "Asia/Shanghai",
    scenario: "bike",
    validFrom: 1000 as UnixSeconds,
    validTo: 2000 as UnixSeconds,
    ...content,
  };
}

/** A list of scenario classes as a rule. */
export function classesRule(version: string, names: readonly string[]): RuleContent {
  const classes = names.map((name, at) => ({ code: at + 1, name, unit: "km" }));
  const json = canonicalJson({ version, classes });
  return {
    kind: "scenario-classes",
    id: toHex(keccak(utf8(json))),
    json,
    region: regionCode("CITY"),
    name: "scenario-classes",
    version,
    timeZone: null,
    scenario: null,
    validFrom: 0 as UnixSeconds,
    validTo: null,
  };
}
