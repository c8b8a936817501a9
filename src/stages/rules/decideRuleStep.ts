import { StateError } from "../../base/errors/errors.ts";
import { utcText } from "../../base/lib/time/calendar.ts";
import { SECONDS_PER_MINUTE } from "../../base/lib/time/units.ts";
import type { Address } from "../../base/types/ids.ts";
import { isTestMethodology } from "../../format/batch/methodology.ts";
import { checkClassesGrow } from "./checkClassesGrow.ts";
import { lowersEveryResult } from "./lowersEveryResult.ts";
import type { Rule, RuleContent, RuleEvent, RuleState, RuleStep, RuleSurroundings } from "./ports.ts";
import { ruleName } from "./ruleName.ts";
import { ruleRefusal } from "./ruleRefusal.ts";

type Standing = Pick<Rule, "state" | "proposedBy"> | null;

/**
 * Where something that is done to a rule, or that the chain shows of it, takes it. Whatever is done again
 * changes nothing.
 *
 * An operator proposes, the region's registrar publishes, never with the same key. A version begins after it
 * is published, at a whole minute; one that earns less for every act than the version before it may begin at
 * once. No two versions count the same act. What is withdrawn stays so. A proposal is its proposer's to take
 * back, and a tenant has `MAX_OPEN_PROPOSALS` at most.
 * @param standing null where the folder does not have the rule yet
 * @throws StateError `rules.unknown`, `rules.withdrawn`, `rules.not-published`, `rules.same-key`,
 * `rules.other-registrar`, `rules.test-only`, `rules.name-taken`, `rules.zone`, `rules.overlap`,
 * `rules.reaches-back`, `rules.classes`, `rules.for-good`, `rules.too-many`, `rules.published`,
 * `rules.other-key`
 */
export function decideRuleStep(
  content: RuleContent,
  standing: Standing,
  event: RuleEvent,
  around: RuleSurroundings,
): RuleStep {
  const before = standing?.state ?? null;
  const after = nextState(content, standing, event, around);
  return { before, after };
}

function nextState(
  content: RuleContent,
  standing: Standing,
  event: RuleEvent,
  around: RuleSurroundings,
): RuleState {
  const state = standing?.state ?? null;
  switch (event.what) {
    case "propose":
      if (state !== null) return state;
      checkRoom(content, around);
      checkFits(content, around);
      return "proposed";
    case "retract":
      if (state === "published" || state === "withdrawn") throw notProposed(content, state);
      if (standing === null) throw unknownRule(content);
      checkOwnKey(content, standing, event.by);
      return "retracted";
    case "publish":
      checkRegistrar(content, event.regions);
      if (state === "withdrawn") throw withdrawn(content);
      if (state === "published") return state;
      if (state === null) throw unknownRule(content);
      checkOtherKey(content, standing, event.by);
      checkFits(content, around);
      checkBegins(content, event.at, around);
      return "published";
    case "shown":
      if (state === "withdrawn") throw withdrawn(content);
      if (state === "published") return state;
      checkOtherKey(content, standing, event.by);
      // Of lists an older version may come in after a newer one.
      checkFits(content, around, "any-order");
      checkShownBegins(content, event.at, around);
      return "published";
    case "withdraw":
      checkRegistrar(content, event.regions);
      if (content.kind !== "methodology")
        throw ruleRefusal(
          "for-good",
          content,
          "stands on chain for good. Publish its next version, which follows it.",
        );
      if (state === "withdrawn") return state;
      // What ships is nowhere stored before its registrar withdraws it.
      if (state !== "published" && !isPublishedBeside(content, around))
        throw ruleRefusal(
          "not-published",
          content,
          "is not published here, so it can't be withdrawn. A proposal binds nobody: whoever proposed it " +
            "retracts it.",
        );
      return "withdrawn";
  }
}

function isPublishedBeside({ kind, id }: RuleContent, { others }: RuleSurroundings): boolean {
  return others.some((other) => other.kind === kind && other.id === id && other.state === "published");
}

/** Each may have a mebibyte, and whoever lists rules reads them all. */
const MAX_OPEN_PROPOSALS = 100;

function checkRoom(content: RuleContent, { openProposals }: RuleSurroundings): void {
  if (openProposals >= MAX_OPEN_PROPOSALS)
    throw ruleRefusal(
      "too-many",
      content,
      `is not taken: you have ${String(openProposals)} proposals that no registrar has published. Retract ` +
        "those that nobody is to publish.",
    );
}

function checkOwnKey(content: RuleContent, standing: NonNullable<Standing>, by: Address): void {
  if (standing.proposedBy?.toLowerCase() !== by.toLowerCase())
    throw ruleRefusal(
      "other-key",
      content,
      `was proposed by ${standing.proposedBy ?? "nobody here"}, and ${by} would take it back. Whoever ` +
        "proposed it retracts it, with the same key.",
    );
}

function checkRegistrar(content: RuleContent, regions: readonly string[] | null): void {
  if (regions !== null && !regions.includes(content.region))
    throw ruleRefusal(
      "other-registrar",
      content,
      `is of region ${content.region}; this registrar's key is for ${regions.join(", ")}. The registrar of ` +
        "the region publishes and withdraws.",
    );
}

function checkOtherKey(content: RuleContent, standing: Standing, by: Address): void {
  if (standing?.proposedBy?.toLowerCase() === by.toLowerCase())
    throw ruleRefusal(
      "same-key",
      content,
      `was proposed by ${by}, which may not publish it as well. Two pairs of eyes: the operator proposes, ` +
        "the region's registrar publishes with a key of its own.",
    );
}

/** What holds of a rule whoever brings it, whenever. */
function checkFits(
  content: RuleContent,
  { others, local }: RuleSurroundings,
  order: "any-order" | "newest" = "newest",
): void {
  if (!local && isTestMethodology({ code: content.name }))
    throw ruleRefusal(
      "test-only",
      content,
      "has a code for tests, which counts on a local network only. Give it another code.",
    );
  const kin = others.filter((other) => other.kind === content.kind && other.id !== content.id);
  const namesake = kin.find((other) => ruleName(other) === ruleName(content));
  if (namesake)
    throw ruleRefusal(
      "name-taken",
      content,
      `is published with other content (${namesake.id}). A version never changes: give this one another ` +
        "version.",
    );
  if (content.kind === "scenario-classes") checkClassesGrow(content, kin, order);
  const standing = kin.filter((other) => other.region === content.region && other.state === "published");
  const stranger = standing.find((other) => other.timeZone !== content.timeZone);
  if (stranger)
    throw ruleRefusal(
      "zone",
      content,
      `counts days in ${content.timeZone ?? "no zone"}, ${ruleName(stranger)} of the same region in ` +
        `${stranger.timeZone ?? "none"}. A batch has one zone: write the region's.`,
    );
  const rival = standing.find((other) => overlaps(content, other));
  if (rival) throw overlap(content, rival);
}

/** Whether two versions would count one act. Versions of the other kinds follow one another. */
function overlaps(content: RuleContent, other: RuleContent): boolean {
  if (content.kind !== "methodology" || other.scenario !== content.scenario) return false;
  const [end, otherEnd] = [content.validTo ?? Infinity, other.validTo ?? Infinity];
  return content.validFrom < otherEnd && other.validFrom < end;
}

function overlap(content: RuleContent, rival: RuleContent): StateError {
  const end = rival.validTo === null ? "has no end" : `ends at ${utcText(rival.validTo)}`;
  return ruleRefusal(
    "overlap",
    content,
    `begins at ${utcText(content.validFrom)}, while ${ruleName(rival)} counts ${rival.scenario ?? ""} in ` +
      `${rival.region} and ${end} by its own file; a successor ends nobody else's version. Begin ` +
      `when it ends, ` +
      "or have the registrar withdraw it first.",
    { act: "withdraw-methodology", methodology: ruleName(rival) },
  );
}

/** In the minute in which it is published, where it gives less for every act than the version before it. */
function beginsAtOnce(content: RuleContent, at: number, others: RuleSurroundings["others"]): boolean {
  return content.validFrom >= at - (at % SECONDS_PER_MINUTE) && lowersEveryResult(content, others);
}

function checkBegins(content: RuleContent, at: number, { others, rehearsal }: RuleSurroundings): void {
  if (rehearsal || content.kind === "scenario-classes" || content.validFrom > at) return;
  if (beginsAtOnce(content, at, others)) return;
  throw ruleRefusal(
    "reaches-back",
    content,
    `begins at ${utcText(content.validFrom)} and would be published at ${utcText(at)}. A version begins ` +
      "after it is published; only one that gives less for every act than the one before it may begin at " +
      "once. Write a later beginning.",
  );
}

/**
 * Whoever sent the transaction, and however late: by the chain's own time nothing reaches back either, but
 * on a local network that was opened to try out past years, on a chain that is as old as its folder.
 */
function checkShownBegins(content: RuleContent, at: number, { others, reachBack }: RuleSurroundings): void {
  if (reachBack || content.kind === "scenario-classes" || content.validFrom >= at) return;
  if (beginsAtOnce(content, at, others)) return;
  throw ruleRefusal(
    "reaches-back",
    content,
    `begins at ${utcText(content.validFrom)} and was published on chain at ${utcText(at)}, so it ` +
      "binds nobody. A version begins after it is published; only one that gives less for every act than " +
      "the one before it may begin in the minute of its publication. Have the registrar publish one with a " +
      "later beginning.",
  );
}

function withdrawn(content: RuleContent): StateError {
  return ruleRefusal("withdrawn", content, "was withdrawn and stays so. Propose another version.");
}

function notProposed(content: RuleContent, state: RuleState): StateError {
  return ruleRefusal(
    "published",
    content,
    `is ${state}, so it is nobody's to retract. Its region's registrar withdraws a published methodology; ` +
      "a list is followed by its next version.",
  );
}

function unknownRule(content: RuleContent): StateError {
  return ruleRefusal("unknown", content, "was not proposed here. Propose its file first.");
}
