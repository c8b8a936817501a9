import { listRules } from "../../adapters/storage/rules/listRules.ts";
import { rulesVersion } from "../../adapters/storage/rules/rulesVersion.ts";
import type { Database } from "../../adapters/storage/engine/database.ts";
import { InputError } from "../../base/errors/errors.ts";
import { utf8 } from "../../base/lib/bytes.ts";
import type { Methodology } from "../../base/types/methodology.ts";
import { SHIPPED_CLASS_LISTS } from "../../format/batch/classes/classLists.ts";
import { parseCanonicalJson } from "../../format/canonicalJson.ts";
import { methodologyIdOf, parseMethodology } from "../../format/batch/methodology.ts";
import { BoundsBook } from "../../stages/plausibility/boundsBook.ts";
import { parseRegionalRules } from "../../stages/plausibility/parseRegionalRules.ts";
import { shippedPlausibility } from "../../stages/plausibility/shippedPlausibility.ts";
import { parseRecognition } from "../../stages/recognition/matrixSchema.ts";
import { RecognitionBook } from "../../stages/recognition/recognitionBook.ts";
import { MethodologyCatalogue } from "../../stages/quantify/catalogue.ts";
import { shippedMethodologies } from "../../stages/quantify/shippedMethodologies.ts";
import { publishedClasses } from "../../stages/rules/classesContent.ts";
import type { Rule, RuleContent, RuleKind } from "../../stages/rules/ports.ts";
import { ruleName } from "../../stages/rules/ruleName.ts";
import type { Context } from "../context.ts";

/** The rules of a folder, as one process has them at a moment. */
export interface Rules {
  readonly methodologies: Context["methodologies"];
  readonly plausibility: Context["plausibility"];
  readonly classLists: Context["classLists"];
  readonly recognition: Context["recognition"];
}

/** Rules that are read again once a decision about them is new. */
export interface LiveRules {
  readonly now: () => Rules;
  /** Reads what changed; costs one look-up where nothing did. */
  readonly refresh: () => Promise<void>;
}

/**
 * Shipped and published rules of a database. What was withdrawn, shipped or not, is not among them; what
 * can't be used is left out with a warning, since a folder that does not open could not even withdraw it. A
 * list of classes that contradicts what ships is refused where it is used.
 */
export async function openRules(
  db: Database,
  { local, log }: Pick<Context, "local" | "log">,
): Promise<LiveRules> {
  let version = -1;
  let rules: Rules | null = null;
  const refresh = async (): Promise<void> => {
    const newest = await rulesVersion(db);
    if (newest === version) return;
    const listed = newest === 0 ? [] : await listRules(db, null);
    const published = listed.filter(({ state }) => state === "published");
    const withdrawn = new Set(listed.filter(({ state }) => state === "withdrawn").map(({ id }) => id));
    const shipped = shippedMethodologies().filter((one) => !withdrawn.has(methodologyIdOf(one)));
    rules = usableRules(shipped, inOrder(published), { local, log });
    version = newest;
  };
  await refresh();
  return { now: () => rules as Rules, refresh };
}

/** All rules, or where that can't be, those that fit with the ones before them. */
function usableRules(
  shipped: readonly Methodology[],
  published: readonly Rule[],
  { local, log }: Pick<Context, "local" | "log">,
): Rules {
  try {
    return buildRules(shipped, published, local);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
  }
  let usable: readonly Rule[] = [];
  for (const rule of published) {
    try {
      buildRules(shipped, [...usable, rule], local);
      usable = [...usable, rule];
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      log.warn({ rule: ruleName(rule), id: rule.id, code: error.code }, "a stored rule can't be used");
    }
  }
  return buildRules(shipped, usable, local);
}

/** Lists of classes first: the others name their classes. */
function inOrder(published: readonly Rule[]): Rule[] {
  const lists = published.filter(({ kind }) => kind === "scenario-classes");
  const others = published.filter(({ kind }) => kind !== "scenario-classes");
  return [...lists.toSorted((a, b) => Number(a.version) - Number(b.version)), ...others];
}

/**
 * Shipped rules and these, as a process works with them.
 * @throws InputError as the rules' own checks
 */
function buildRules(
  shipped: readonly Methodology[],
  published: readonly RuleContent[],
  local: boolean,
): Rules {
  const values = (kind: RuleKind): unknown[] =>
    published.filter((rule) => rule.kind === kind).map(({ json }) => parseCanonicalJson(utf8(json)));
  const classLists = published
    .filter(({ kind }) => kind === "scenario-classes")
    .reduce((lists, rule) => lists.withUsable(publishedClasses(rule), ruleName(rule)), SHIPPED_CLASS_LISTS);
  const regional = values("plausibility")
    .map((value) => parseRegionalRules(value))
    // Of a class whose list is not used no act comes in, so its bounds have nothing to bind.
    .map((one) => ({
      ...one,
      classes: new Map([...one.classes].filter(([name]) => classLists.newest.find(name) !== null)),
    }));
  return {
    methodologies: new MethodologyCatalogue(
      [...shipped, ...values("methodology").map((value) => parseMethodology(value))],
      { refuseTestMethodologies: !local },
    ),
    plausibility: new BoundsBook(shippedPlausibility(), regional, classLists.newest),
    classLists,
    recognition: new RecognitionBook(values("recognition").map((value) => parseRecognition(value))),
  };
}
