import { z } from "zod";
import { toHex, utf8 } from "../../base/lib/bytes.ts";
import { SCENARIO_NAME, UNIT_NAME } from "../../base/lib/textPatterns.ts";
import type { Unit } from "../../base/types/activityRecord.ts";
import type { Hex } from "../../base/types/ids.ts";
import type { UnixSeconds } from "../../base/types/quantities.ts";
import { canonicalJson } from "../../format/canonicalJson.ts";
import { keccak } from "../../format/keccak.ts";
import { decodeWith, regionField } from "../../format/schema.ts";
import type { ClassListVersion } from "../../format/batch/classLists.ts";
import type { ListedClass } from "../../format/batch/scenarioClasses.ts";
import type { RuleContent } from "./ports.ts";

/** Codes from here on are an operator's own, for behaviour only, and never in a published list. */
const OWN_CODES = 0x8000;

/** Closed schema `microtonne-scenario-classes/1`: a registry's whole list, up to one version. */
const classesSchema = z.strictObject({
  schema: z.literal("microtonne-scenario-classes/1"),
  region: regionField,
  version: z.int().min(1).max(10_000),
  classes: z
    .array(
      z.strictObject({
        code: z
          .int()
          .min(1)
          .max(OWN_CODES - 1),
        name: z.string().regex(SCENARIO_NAME, "must be a name such as ferry"),
        unit: z.custom<Unit>((value) => typeof value === "string" && UNIT_NAME.test(value), "must be a unit"),
      }),
    )
    .min(1)
    .max(OWN_CODES - 1)
    .superRefine((classes, context) => {
      const names = new Set<string>();
      for (const [at, { code, name }] of classes.entries()) {
        if (at > 0 && code <= (classes[at - 1]?.code ?? 0))
          context.addIssue({
            code: "custom",
            path: [at, "code"],
            message: "must be above the one before it",
          });
        if (names.has(name))
          context.addIssue({ code: "custom", path: [at, "name"], message: "must be no other class's" });
        names.add(name);
      }
    }),
});

/** What a list of scenario classes says of itself as a rule. @throws InputError `rules.malformed` */
export function classesContent(value: unknown): RuleContent {
  const list = decodeWith(classesSchema, value, "rules.malformed", "list of scenario classes");
  const json = canonicalJson(list);
  return {
    kind: "scenario-classes",
    id: toHex(keccak(utf8(json))),
    json,
    region: list.region,
    name: "scenario-classes",
    version: String(list.version),
    timeZone: null,
    scenario: null,
    validFrom: 0 as UnixSeconds,
    validTo: null,
  };
}

/** A rule's classes with their version, as manifests name it: its hash is that of the classes alone. */
export function publishedClasses({ json }: Pick<RuleContent, "json">): {
  readonly classes: readonly ListedClass[];
  readonly versions: readonly [ClassListVersion];
} {
  const { version, classes } = JSON.parse(json) as z.output<typeof classesSchema>;
  const hash: Hex = toHex(keccak(utf8(canonicalJson(classes))));
  return { classes, versions: [{ version, highest: classes.at(-1)?.code ?? 0, hash }] };
}
