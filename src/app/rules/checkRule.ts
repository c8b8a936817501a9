import { MicrotonneError } from "../../base/errors/errors.ts";
import { fromHex, utf8 } from "../../base/lib/bytes.ts";
import { DIGITS_OF_WORD32 } from "../../base/lib/textPatterns.ts";
import { utcText } from "../../base/lib/time/calendar.ts";
import type { Hex } from "../../base/types/ids.ts";
import type { UnixSeconds } from "../../base/types/quantities.ts";
import { isPublicKey } from "../../format/ed25519.ts";
import { parseCanonicalJson } from "../../format/canonicalJson.ts";
import { isTestMethodology, parseMethodology } from "../../format/batch/methodology.ts";
import { decideRuleStep } from "../../stages/rules/decideRuleStep.ts";
import type { RuleContent, RuleKind } from "../../stages/rules/ports.ts";
import { ruleName } from "../../stages/rules/ruleName.ts";
import { parseRegionalRules } from "../../stages/plausibility/parseRegionalRules.ts";
import { parseRecognition } from "../../stages/recognition/matrixSchema.ts";
import { NOBODY } from "../chain/callsForOthers.ts";
import { classSentences } from "./classSentences.ts";
import { methodologySentences } from "./methodologySentences.ts";
import { readRuleFile, type RuleFile } from "./readRuleFile.ts";
import { plausibilitySentences } from "./plausibilitySentences.ts";
import { recognitionSentences } from "./recognitionSentences.ts";
import { shippedBeside, type RulesBeside } from "./rulesBeside.ts";

/** What a rule's file says, before anybody proposes it. */
export interface RuleCheck {
  readonly kind: RuleKind;
  readonly name: string;
  readonly id: Hex;
  readonly region: string;
  /** In plain words, one sentence each. */
  readonly says: readonly string[];
  /** What looks like a slip. */
  readonly warnings: readonly string[];
  /** Why nobody could propose it; null where somebody can. */
  readonly refusal: Pick<MicrotonneError, "code" | "message" | "remedy"> | null;
}

/**
 * Reads a rule's file and says what it means, with a worked example. Nothing is stored.
 * @param now whether it could still be published
 * @param beside the scenario classes that it may name, and the rules beside which it would stand; what
 * ships if not given
 * @throws InputError as `readRuleFile`
 */
export function checkRule(
  file: RuleFile,
  kinds: readonly RuleKind[],
  now: UnixSeconds,
  beside: RulesBeside = shippedBeside(),
): RuleCheck {
  const content = readRuleFile(file, kinds, beside);
  return {
    kind: content.kind,
    name: ruleName(content),
    id: content.id,
    region: content.region,
    says: [...sentencesOf(content, beside), ...validity(content)],
    warnings: warningsOf(content, now, beside),
    refusal: refusalOf(content, now, beside),
  };
}

function sentencesOf(content: RuleContent, { classLists, others }: RulesBeside): string[] {
  const value = parseCanonicalJson(utf8(content.json));
  switch (content.kind) {
    case "methodology":
      return methodologySentences(parseMethodology(value), content.validFrom);
    case "recognition":
      return recognitionSentences(parseRecognition(value));
    case "scenario-classes":
      return classSentences(content, others);
    case "plausibility":
      return plausibilitySentences(parseRegionalRules(value), classLists);
  }
}

/** Attestors are known by their keys; what else is named can't sign. */
function attestorsFault(content: RuleContent): string | null {
  if (content.kind !== "methodology") return null;
  const methodology = parseMethodology(parseCanonicalJson(utf8(content.json)));
  if (!("signatures" in methodology) || methodology.signatures === null) return null;
  const { least, of } = methodology.signatures;
  const keys = (of ?? []).filter((id) => DIGITS_OF_WORD32.test(id) && isPublicKey(fromHex(`0x${id}`))).length;
  if (keys >= least) return null;
  return (
    `It asks for the signatures of ${String(least)} attestors and names ${String(keys)} Ed25519 public ` +
    "keys (64 lower-case hex digits), so nothing is counted by it."
  );
}

function validity({ kind, validFrom, validTo, timeZone }: RuleContent): string[] {
  if (kind === "recognition")
    return [`It is in force from ${utcText(validFrom)} on, until its next version begins.`];
  if (kind === "scenario-classes") return ["It stands from its publication on, for good."];
  if (kind === "plausibility")
    return [
      `It binds acts that start from ${utcText(validFrom)} on, until its next version begins; days are ` +
        `those of ${timeZone ?? "UTC"}.`,
    ];
  const end = validTo === null ? "without an end" : `to before ${utcText(validTo)}`;
  return [
    `It counts what starts from ${utcText(validFrom)} on ${end}; days are those of ${timeZone ?? "UTC"}.`,
  ];
}

function warningsOf(content: RuleContent, now: UnixSeconds, { rehearsal }: RulesBeside): string[] {
  const warnings: string[] = [];
  if (content.kind === "methodology" && isTestMethodology({ code: content.name }))
    warnings.push("Its code begins with TEST-: it counts on a local network only.");
  const unsigned = attestorsFault(content);
  if (unsigned !== null) warnings.push(unsigned);
  if (content.validTo !== null && content.validTo <= now)
    warnings.push("It has ended already: no act that is to come would be counted.");
  if (!rehearsal && content.kind !== "scenario-classes" && content.validFrom <= now)
    warnings.push(
      `It begins at ${utcText(content.validFrom)}, which is past. A version begins after it is ` +
        "published; only one that gives less for every act may begin at once.",
    );
  return warnings;
}

function refusalOf(
  content: RuleContent,
  now: UnixSeconds,
  { others, standingOf }: RulesBeside,
): RuleCheck["refusal"] {
  try {
    // On a network that is not local the same holds but for test codes, which warnings name.
    const event = { what: "propose", by: NOBODY, at: now } as const;
    const around = { others, local: true, reachBack: false, rehearsal: false, openProposals: 0 };
    decideRuleStep(content, standingOf(content), event, around);
    return null;
  } catch (error) {
    if (!(error instanceof MicrotonneError)) throw error;
    return { code: error.code, message: error.message, remedy: error.remedy };
  }
}
