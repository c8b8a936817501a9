import { toHex, utf8 } from "../../../base/lib/bytes.ts";
import { InputError } from "../../../base/errors/errors.ts";
import type { Hex } from "../../../base/types/ids.ts";
import { canonicalJson } from "../../canonicalJson.ts";
import { keccak } from "../../keccak.ts";
import { MANIFEST_FORMAT_1 } from "../../v1/manifest.ts";
import { CLASS_LIST_HASH_1, MAX_CLASS_CODE_1 } from "../../v1/scenarioClasses.ts";
import type { ListVersion, Manifest } from "../manifest.ts";
import { LISTED_CLASSES, type ListedClass } from "./scenarioClasses.ts";
import shippedVersions from "./versions.json" with { type: "json" };

/** A published version of a list of scenario classes: its classes up to the highest code. */
export interface ClassListVersion {
  readonly version: number;
  /** keccak-256 of the canonical JSON of those classes; of version 1 that of the first format's list. */
  readonly hash: Hex;
  readonly highest: number;
}

/** A registry's list with the versions that it published. */
export interface PublishedClasses {
  /** Ascending by code. */
  readonly classes: readonly ListedClass[];
  readonly versions: readonly ClassListVersion[];
}

/** The classes of one version: what the codes in a batch's leaves mean. */
export interface ClassList extends ClassListVersion {
  /** Ascending by code. */
  readonly classes: readonly ListedClass[];
  /** Null where this version has no such class. */
  codeOf(name: string): number | null;
  /** Null where this version has no such class. */
  find(nameOrCode: string | number): ListedClass | null;
}

/**
 * The class lists that a reader knows: those that are shipped, and those that it was given beside them. A
 * version stays known for good, so a class that is appended leaves every batch readable.
 */
export class ClassLists {
  readonly #published: readonly PublishedClasses[];
  readonly #byHash = new Map<Hex, ClassList>();
  /** Why a list is not used, by the hashes of its versions. */
  readonly #refused: ReadonlyMap<Hex, InputError>;
  /** The version that batches are closed with: the last of the list that was given last. */
  readonly newest: ClassList;

  /**
   * @throws InputError `classes.order`, `classes.hash` where a version is not what it hashes to,
   * `classes.conflict` where two lists give one code or one name two meanings, under which one act would have
   * two keys
   */
  constructor(
    published: readonly [PublishedClasses, ...PublishedClasses[]],
    refused: ReadonlyMap<Hex, InputError> = new Map(),
  ) {
    this.#published = published;
    this.#refused = refused;
    checkMeanings(published);
    let newest: ClassList | null = null;
    for (const { classes, versions } of published) {
      for (const version of versions) {
        newest = this.#byHash.get(version.hash) ?? listOf(classes, version);
        this.#byHash.set(version.hash, newest);
      }
    }
    if (newest === null) throw new InputError("classes.order", "A list of classes has no version.");
    this.newest = newest;
  }

  /** These lists and one more, whose newest version becomes the newest. @throws as the constructor */
  with(added: PublishedClasses): ClassLists {
    const [first, ...others] = this.#published as [PublishedClasses, ...PublishedClasses[]];
    return new ClassLists([first, ...others, added], this.#refused);
  }

  /**
   * As `with`, but a list that contradicts these is left out and remembered: `of` refuses it by its name.
   * What a later release ships may contradict a list that was published before it.
   */
  withUsable(added: PublishedClasses, name: string): ClassLists {
    try {
      return this.with(added);
    } catch (cause) {
      if (!(cause instanceof InputError) || cause.code !== "classes.conflict") throw cause;
      const error = new InputError(cause.code, `The list ${name} can't be used: ${cause.message}`, { cause });
      const refused = added.versions.map(({ hash }) => [hash, error] as const);
      return new ClassLists(
        this.#published as [PublishedClasses, ...PublishedClasses[]],
        new Map([...this.#refused, ...refused]),
      );
    }
  }

  /**
   * The list by which a batch's codes are read; null where no list that is known has that version.
   * @throws InputError `classes.conflict` naming a list that was left out
   */
  of(manifest: Manifest): ClassList | null {
    const wanted =
      manifest.format === MANIFEST_FORMAT_1
        ? { version: 1, hash: manifest.schemas.scenarioClasses }
        : manifest.scenarioClasses;
    return this.named(wanted);
  }

  /** As `of`, of a version and its hash. @throws as `of` */
  named(wanted: ListVersion): ClassList | null {
    const refused = this.#refused.get(wanted.hash);
    if (refused) throw refused;
    const found = this.#byHash.get(wanted.hash);
    return found?.version === wanted.version ? found : null;
  }
}

/** The versions of the list that ships, ascending. */
export const SHIPPED_CLASS_VERSIONS = shippedVersions as readonly ClassListVersion[];

/** The lists that this version ships. */
export const SHIPPED_CLASS_LISTS = new ClassLists([
  { classes: LISTED_CLASSES, versions: SHIPPED_CLASS_VERSIONS },
]);

/** The class of a name in a list. @throws InputError `scenario.unknown` */
export function knownClass(name: string, list: ClassList): ListedClass {
  const found = list.find(name);
  if (found !== null) return found;
  throw new InputError(
    "scenario.unknown",
    `${JSON.stringify(name.slice(0, 80))} is no scenario class; known are ` +
      `${list.classes.map((entry) => entry.name).join(", ")}.`,
  );
}

/** The hash of the list that batches are closed with, unless another one was given. */
export function scenarioClassListHash(): Hex {
  return SHIPPED_CLASS_LISTS.newest.hash;
}

/** What is wrong with a batch whose list is not known, in words that follow the batch's name. */
export const UNKNOWN_CLASS_LIST =
  "was made with a list of scenario classes that is not known here. The batch's registrar has the " +
  "list's file; a list may also ship with a later version";

function listOf(classes: readonly ListedClass[], version: ClassListVersion): ClassList {
  const prefix = classes.filter(({ code }) => code <= version.highest);
  const hash =
    version.version === 1 && version.highest === MAX_CLASS_CODE_1
      ? CLASS_LIST_HASH_1
      : toHex(keccak(utf8(canonicalJson(prefix))));
  if (hash !== version.hash)
    throw new InputError(
      "classes.hash",
      `Version ${String(version.version)} of a list of scenario classes hashes to ${hash}, not to ` +
        `${version.hash}.`,
    );
  const byWord = new Map<string | number, ListedClass>(
    prefix.flatMap((entry) => [[entry.name, entry] as const, [entry.code, entry] as const]),
  );
  const find = (word: string | number): ListedClass | null => byWord.get(word) ?? null;
  return { ...version, classes: prefix, codeOf: (name) => find(name)?.code ?? null, find };
}

/** Codes stand in leaves and in activity keys, so one code has one meaning for whoever reads both. */
function checkMeanings(published: readonly PublishedClasses[]): void {
  const [byCode, byName] = [new Map<number, ListedClass>(), new Map<string, ListedClass>()];
  for (const { classes } of published) {
    let previous = 0;
    for (const entry of classes) {
      if (entry.code <= previous || entry.code > 0xffff)
        throw new InputError("classes.order", `Class ${entry.name} is not in ascending order of codes.`);
      previous = entry.code;
      for (const known of [byCode.get(entry.code), byName.get(entry.name)])
        if (known && (known.code !== entry.code || known.name !== entry.name || known.unit !== entry.unit))
          throw new InputError(
            "classes.conflict",
            `Code ${String(entry.code)}, ${entry.name}, is code ${String(known.code)}, ${known.name}, in ` +
              "another list that is known here. A code has one meaning.",
          );
      byCode.set(entry.code, entry);
      byName.set(entry.name, entry);
    }
  }
}
