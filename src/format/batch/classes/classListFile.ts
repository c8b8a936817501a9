import { z } from "zod";
import { toHex, utf8 } from "../../../base/lib/bytes.ts";
import { SCENARIO_NAME, UNIT_NAME } from "../../../base/lib/textPatterns.ts";
import type { Unit } from "../../../base/types/activityRecord.ts";
import type { RegionCode } from "../../../base/types/ids.ts";
import { canonicalJson } from "../../canonicalJson.ts";
import { keccak } from "../../keccak.ts";
import { decodeWith, regionField } from "../../schema.ts";
import type { ClassListVersion } from "./classLists.ts";
import type { ListedClass } from "./scenarioClasses.ts";

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

/** A registry's list file: all classes up to one version, and whose registrar publishes it. */
export interface ClassListFile {
  readonly schema: "microtonne-scenario-classes/1";
  readonly region: RegionCode;
  readonly version: number;
  /** Ascending by code. */
  readonly classes: readonly ListedClass[];
}

/** A list's classes with the one version that its file is. */
export interface OneClassVersion {
  readonly classes: readonly ListedClass[];
  readonly versions: readonly [ClassListVersion];
}

/** A registry's list file out of parsed JSON. @throws InputError `rules.malformed` naming the field */
export function parseClassListFile(value: unknown): ClassListFile {
  return decodeWith(classesSchema, value, "rules.malformed", "list of scenario classes");
}

/**
 * The list as `ClassLists.with` takes it: the version's hash, by which manifests name it, is that of the
 * classes alone.
 */
export function publishedClassesOf({
  version,
  classes,
}: Pick<ClassListFile, "version" | "classes">): OneClassVersion {
  const hash = toHex(keccak(utf8(canonicalJson(classes))));
  return { classes, versions: [{ version, highest: classes.at(-1)?.code ?? 0, hash }] };
}
