import { listRules } from "../../adapters/storage/rules/listRules.ts";
import { rulesVersion } from "../../adapters/storage/rules/rulesVersion.ts";
import type { Database } from "../../adapters/storage/engine/database.ts";
import { utf8 } from "../../base/lib/bytes.ts";
import { SHIPPED_CLASS_LISTS } from "../../format/batch/classLists.ts";
import { parseCanonicalJson } from "../../format/canonicalJson.ts";
import { parseMethodology } from "../../format/batch/methodology.ts";
import { BoundsBook } from "../../stages/plausibility/boundsBook.ts";
import { parseRegionalRules } from "../../stages/plausibility/parseRegionalRules.ts";
import { shippedPlausibility } from "../../stages/plausibility/shippedPlausibility.ts";
import { parseRecognition } from "../../stages/recognition/matrixSchema.ts";
import { RecognitionBook } from "../../stages/recognition/recognitionBook.ts";
import { MethodologyCatalogue } from "../../stages/quantify/catalogue.ts";
import { shippedMethodologies } from "../../stages/quantify/shippedMethodologies.ts";
import { publishedClasses } from "../../stages/rules/classesContent.ts";
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
 * Shipped and published rules of a database. What was withdrawn is not among them,
 * and a list of classes that contradicts what ships is refused where it is used, not here.
 * @throws InputError as the rules' own checks, for files that were stored by another version
 */
export async function openRules(db: Database, { local }: Pick<Context, "local">): Promise<LiveRules> {
  const shipped = { methodologies: shippedMethodologies(), plausibility: shippedPlausibility() };
  let version = -1;
  let rules: Rules | null = null;
  const refresh = async (): Promise<void> => {
    const newest = await rulesVersion(db);
    if (newest === version) return;
    const published =
      newest === 0 ? [] : (await listRules(db, null)).filter(({ state }) => state === "published");
    const own = published
      .filter(({ kind }) => kind === "methodology")
      .map(({ json }) => parseMethodology(parseCanonicalJson(utf8(json))));
    const classLists = published
      .filter(({ kind }) => kind === "scenario-classes")
      .toSorted((a, b) => Number(a.version) - Number(b.version))
      .reduce((lists, rule) => lists.withUsable(publishedClasses(rule), ruleName(rule)), SHIPPED_CLASS_LISTS);
    const regional = published
      .filter(({ kind }) => kind === "plausibility")
      .map(({ json }) => parseRegionalRules(parseCanonicalJson(utf8(json))))
      // Of a class whose list is not used no act comes in, so its bounds have nothing to bind.
      .map((one) => ({
        ...one,
        classes: new Map([...one.classes].filter(([name]) => classLists.newest.find(name) !== null)),
      }));
    rules = {
      methodologies: new MethodologyCatalogue([...shipped.methodologies, ...own], {
        refuseTestMethodologies: !local,
      }),
      plausibility: new BoundsBook(shipped.plausibility, regional, classLists.newest),
      classLists,
      recognition: new RecognitionBook(
        published
          .filter(({ kind }) => kind === "recognition")
          .map(({ json }) => parseRecognition(parseCanonicalJson(utf8(json)))),
      ),
    };
    version = newest;
  };
  await refresh();
  return { now: () => rules as Rules, refresh };
}
