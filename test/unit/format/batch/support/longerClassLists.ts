import { toHex, utf8 } from "../../../../../src/base/lib/bytes.ts";
import { canonicalJson } from "../../../../../src/format/canonicalJson.ts";
import { keccak } from "../../../../../src/format/keccak.ts";
import { ClassLists, type PublishedClasses } from "../../../../../src/format/batch/classes/classLists.ts";
import versions from "../../../../../src/format/batch/classes/versions.json" with { type: "json" };
import { LISTED_CLASSES, type ListedClass } from "../../../../../src/format/batch/classes/scenarioClasses.ts";
import type { Hex } from "../../../../../src/base/types/ids.ts";

/** A list with one version, which has all of it. */
export function publishedClasses(classes: readonly ListedClass[], version: number): PublishedClasses {
  const highest = Math.max(...classes.map(({ code }) => code));
  return { classes, versions: [{ version, highest, hash: toHex(keccak(utf8(canonicalJson(classes)))) }] };
}

/** What a later version of this program ships: the list with a class more, which its newest version has. */
export function longerClassLists(added: ListedClass): ClassLists {
  const classes = [...LISTED_CLASSES, added];
  const known = versions.map((one) => ({ ...one, hash: one.hash as Hex }));
  return new ClassLists([
    { classes, versions: [...known, ...publishedClasses(classes, known.length + 1).versions] },
  ]);
}
