import { shippedProfileText } from "../profile/shippedProfiles.ts";

/** Members of a profile that say what a file's columns hold. */
const MEMBERS = /^(?:recordId|subject|scenario|time|start|end|quantity):/;
/** A column that such a member names. */
const NAMED = /columns?: \[?(\w+)/gi;

/** What the shipped profile `canonical-csv` says of the canonical format's columns, as lines of YAML. */
export function canonicalLines(): string[] {
  return shippedProfileText("canonical-csv")
    .split("\n")
    .filter((line) => MEMBERS.test(line));
}

/** Whether a file has the columns of the canonical format: then nothing about them is a guess. */
export function isCanonical(names: readonly string[]): boolean {
  const canonical = canonicalLines().flatMap((line) => [...line.matchAll(NAMED)].map(([, name]) => name));
  return names.length === canonical.length && canonical.every((name) => names.includes(name as string));
}
