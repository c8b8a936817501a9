import { toHex, utf8 } from "../../base/lib/bytes.ts";
import type { UnixSeconds } from "../../base/types/quantities.ts";
import {
  parseClassListFile,
  publishedClassesOf,
  type ClassListFile,
  type OneClassVersion,
} from "../../format/batch/classes/classListFile.ts";
import { canonicalJson } from "../../format/canonicalJson.ts";
import { keccak } from "../../format/keccak.ts";
import type { RuleContent } from "./ports.ts";

/** What a list of scenario classes says of itself as a rule. @throws InputError `rules.malformed` */
export function classesContent(value: unknown): RuleContent {
  const list = parseClassListFile(value);
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

/** A rule's classes with their version, as manifests name it. */
export function publishedClasses({ json }: Pick<RuleContent, "json">): OneClassVersion {
  return publishedClassesOf(JSON.parse(json) as ClassListFile);
}
