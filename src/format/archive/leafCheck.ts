import { CheckFailedError } from "../../base/errors/errors.ts";
import { fromHex } from "../../base/lib/bytes.ts";
import type { MethodologyId } from "../../base/types/ids.ts";
import type { Methodology } from "../../base/types/methodology.ts";
import type { Day } from "../../base/types/quantities.ts";
import { decodeLeaf, LEAF_AT, LEAF_BYTES, type Leaf } from "../batch/leaf.ts";
import { linkFault } from "../batch/linkFault.ts";
import type { Manifest } from "../batch/manifest.ts";
import { CapSums, type CapFault } from "../batch/methodologies/capSums.ts";
import { periodCapsOf } from "../batch/methodologies/periodCapsOf.ts";
import { methodologyIdOf, validityDays } from "../batch/methodology.ts";
import type { ClassList } from "../batch/classes/classLists.ts";

/** What a manifest demands of each of its leaves. */
export interface LeafRules {
  readonly startDay: Day;
  readonly endDay: Day;
  readonly providers: number;
  readonly methodologies: ReadonlyMap<MethodologyId, LeafMethodology>;
}

interface LeafMethodology {
  readonly methodology: Methodology;
  readonly first: Day;
  readonly last: Day;
  readonly scenarioClass: number;
}

/**
 * @param classes the list that the manifest names
 * @throws CheckFailedError `archive.class` where it does not have a methodology's class: all codes in leaves
 * are of the list, since each is its methodology's
 */
export function leafRules({ vintage, providers, methodologies }: Manifest, classes: ClassList): LeafRules {
  return {
    startDay: vintage.startDay,
    endDay: vintage.endDay,
    providers: providers.length,
    methodologies: new Map(
      methodologies.map((methodology) => [
        methodologyIdOf(methodology),
        { methodology, ...validityDays(methodology), scenarioClass: codeIn(classes, methodology) },
      ]),
    ),
  };
}

function codeIn(classes: ClassList, { code, scenario }: Methodology): number {
  const found = classes.codeOf(scenario);
  if (found !== null) return found;
  throw new CheckFailedError(
    "archive.class",
    `The methodology ${code} counts ${scenario}, which is not in version ${String(classes.version)} of the ` +
      "list of scenario classes, by which the batch is read.",
  );
}

/**
 * How a leaf breaks the rules of its manifest, worded to follow the leaf's name, or null. Links are judged by
 * `linkFault`.
 */
export function leafFault(rules: LeafRules, leaf: Leaf): string | null {
  if (leaf.day < rules.startDay || leaf.day > rules.endDay) return "has a day outside the vintage";
  if (leaf.providerIndex >= rules.providers) return "names a provider that the manifest does not have";
  const methodology = rules.methodologies.get(leaf.methodologyId);
  if (methodology === undefined) return "was counted by a methodology that the manifest does not have";
  if (leaf.day < methodology.first || leaf.day > methodology.last)
    return "has a day on which its methodology is not valid";
  if (leaf.scenarioClass !== methodology.scenarioClass)
    return "has another scenario class than its methodology";
  return null;
}

/** How a leaf goes beyond a cap of its methodology, worded to follow the leaf's name. */
export function capFault({ code }: Methodology, { of, sum, most }: CapFault): string {
  return `brings ${of} to ${String(sum)} mg, above the cap of ${code}, ${String(most)} mg`;
}

interface RuleBytes {
  readonly id: DataView;
  readonly first: number;
  readonly last: number;
  readonly scenarioClass: number;
  /** Null where it caps no day or year. */
  readonly capped: Methodology | null;
}

/**
 * Leaves one after the other held against `leafFault` and `linkFault`, on their bytes: only a leaf that is
 * not plainly right is decoded, for the sentence of its fault.
 */
export class LeafCheck {
  readonly #rules: LeafRules;
  /** By the first 32 bits of the id, which two may share. */
  readonly #byId = new Map<number, RuleBytes[]>();
  #lastRule: RuleBytes | undefined;
  /** The leaf before, once there is one. */
  readonly #before = new Uint8Array(LEAF_BYTES);
  readonly #beforeView = new DataView(this.#before.buffer);
  readonly #caps: CapSums;
  /** Index of the next leaf. */
  #index = 0;

  constructor(rules: LeafRules) {
    this.#rules = rules;
    this.#caps = new CapSums(Array.from(rules.methodologies.values(), ({ methodology }) => methodology));
    for (const [methodologyId, one] of rules.methodologies) {
      const { first, last, scenarioClass: code, methodology } = one;
      const capped = periodCapsOf(methodology) === null ? null : methodology;
      const id = new DataView(fromHex(methodologyId, 32).buffer);
      const sharing = this.#byId.get(id.getUint32(0)) ?? [];
      this.#byId.set(id.getUint32(0), [...sharing, { id, first, last, scenarioClass: code, capped }]);
    }
  }

  /**
   * The next leaves. @throws CheckFailedError as `decodeLeaf`, `archive.leaf`, `archive.link`, `archive.cap`
   * where one weighs more than a cap on a day or a year gives, or all together more than one on everybody's
   */
  push(leaves: Uint8Array): void {
    const view = new DataView(leaves.buffer, leaves.byteOffset, leaves.length);
    for (let at = 0; at < leaves.length; at += LEAF_BYTES) {
      const linked =
        at === 0
          ? this.#index === 0 || isLinked(this.#beforeView, 0, view, 0)
          : isLinked(view, at - LEAF_BYTES, view, at);
      const rule = this.#ruleOf(view, at + LEAF_AT.methodologyId);
      if (!linked || !this.#isRight(view, at, rule)) {
        if (at > 0) this.#before.set(leaves.subarray(at - LEAF_BYTES, at));
        this.#judge(leaves.slice(at, at + LEAF_BYTES));
      }
      if (rule?.capped) this.#addToCaps(rule.capped, leaves.slice(at, at + LEAF_BYTES));
      this.#index += 1;
    }
    this.#before.set(leaves.subarray(leaves.length - LEAF_BYTES));
  }

  /** After the last leaf, of at least one. @throws CheckFailedError `archive.link` */
  end(): void {
    checkLink(decodeLeaf(this.#before), null, this.#index - 1);
  }

  #isRight(view: DataView, at: number, rule: RuleBytes | undefined): boolean {
    // In halves, which make no 64-bit integer of each leaf.
    const milligrams = at + LEAF_AT.milligrams;
    const high = view.getUint32(milligrams);
    if (view.getUint8(at) !== 1 || high >= 2 ** 31 || (high === 0 && view.getUint32(milligrams + 4) === 0))
      return false;
    const day = view.getUint32(at + LEAF_AT.day);
    if (day < this.#rules.startDay || day > this.#rules.endDay) return false;
    if (view.getUint32(at + LEAF_AT.providerIndex) >= this.#rules.providers) return false;
    if (rule === undefined || day < rule.first || day > rule.last) return false;
    return view.getUint16(at + LEAF_AT.scenarioClass) === rule.scenarioClass;
  }

  #addToCaps(methodology: Methodology, bytes: Uint8Array): void {
    const { milligrams, day } = decodeLeaf(bytes);
    const fault = this.#caps.add({ methodology, milligrams, day, subjectKey: null });
    if (fault !== null)
      throw new CheckFailedError(
        "archive.cap",
        `Leaf ${String(this.#index)} ${capFault(methodology, fault)}.`,
      );
  }

  /** Neighbours in key order have any methodologies, but mostly there are few. */
  #ruleOf(view: DataView, at: number): RuleBytes | undefined {
    if (this.#lastRule !== undefined && isSame(view, at, this.#lastRule.id, 0)) return this.#lastRule;
    this.#lastRule = this.#byId.get(view.getUint32(at))?.find(({ id }) => isSame(view, at, id, 0));
    return this.#lastRule;
  }

  #judge(bytes: Uint8Array): void {
    const leaf = decodeLeaf(bytes);
    const fault = leafFault(this.#rules, leaf);
    if (fault !== null) throw new CheckFailedError("archive.leaf", `Leaf ${String(this.#index)} ${fault}.`);
    if (this.#index > 0) checkLink(decodeLeaf(this.#before), leaf, this.#index - 1);
  }
}

function checkLink(leaf: Leaf, next: Leaf | null, index: number): void {
  const fault = linkFault(leaf, next);
  if (fault !== null)
    throw new CheckFailedError("archive.link", `Leaf ${String(index)} breaks the chain of links (${fault}).`);
}

/** Whether a leaf's key is below its next one, and that one the key of the leaf after it. */
function isLinked(view: DataView, at: number, nextView: DataView, nextAt: number): boolean {
  const next = at + LEAF_AT.nextActivityKey;
  return (
    isBelow(view, at + LEAF_AT.activityKey, next) &&
    isSame(view, next, nextView, nextAt + LEAF_AT.activityKey)
  );
}

/** Of 32 bytes. */
function isSame(a: DataView, atA: number, b: DataView, atB: number): boolean {
  for (let i = 0; i < 32; i += 4) if (a.getUint32(atA + i) !== b.getUint32(atB + i)) return false;
  return true;
}

/** Of 32 bytes, as numbers. */
function isBelow(view: DataView, at: number, other: number): boolean {
  for (let i = 0; i < 32; i += 4) {
    const [a, b] = [view.getUint32(at + i), view.getUint32(other + i)];
    if (a !== b) return a < b;
  }
  return false;
}
