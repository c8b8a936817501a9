import { ABI_OF, namedLeaves, paddedText, type Abi } from "../../../adapters/chain/abiValues.ts";
import type { ToldEvent } from "../../../adapters/chain/reads/readLogs.ts";
import type { ReadClient } from "../../../adapters/chain/readOnly.ts";
import { SECONDS_PER_DAY } from "../../../base/lib/time/units.ts";
import type { ContractAddresses, ContractName } from "../../../base/types/deployment.ts";
import type { Hex } from "../../../base/types/ids.ts";
import type { NetworkTerms } from "../parseTerms.ts";

/** One value of a setting. */
interface SettingValue {
  readonly what: string;
  /** Null: nobody says what it should be, and it is told. */
  readonly expected: string | null;
  readonly found: string;
}

/** What is there to read by. */
export interface Shown {
  readonly client: ReadClient;
  readonly contracts: ContractAddresses;
  readonly terms: NetworkTerms;
  /** Every event of the deployment's settings, from its first block on. */
  readonly events: readonly ToldEvent[];
}

type Reading = (shown: Shown) => Promise<SettingValue[]>;

/** 30 days, as `IParticipantRegistry.setCompletionPeriod` says, until it is set. */
const FIRST_COMPLETION = 30 * SECONDS_PER_DAY;
/** 180 days, as `HoldKeeper` sets it at its creation; no terms say another. */
const FIRST_MAX_LOCK = 180 * SECONDS_PER_DAY;
const NO_REGION: Hex = "0x0000000000000000";
const ZEROS = "0".repeat(64);

/** Answers of a getter, as texts in their order. */
async function answers(
  { client, contracts }: Shown,
  contract: ContractName,
  functionName: string,
  args: readonly unknown[] = [],
): Promise<string[]> {
  const abi: Abi = ABI_OF[contract];
  const entry = abi.find((one) => one.type === "function" && one.name === functionName);
  if (entry?.type !== "function") throw new RangeError(`${contract} has no function ${functionName}.`);
  const answer: unknown = await client
    .ask(async (rpc) => rpc.readContract({ address: contracts[contract], abi, functionName, args }))
    .catch(() => null);
  if (answer === null) return [];
  const values = entry.outputs.length === 1 ? [answer] : (answer as readonly unknown[]);
  return namedLeaves(entry.outputs, values).map(({ value }) => value);
}

/** A getter's answers under these names, in order; missing ones are "no answer". */
function getter(
  contract: ContractName,
  functionName: string,
  expectedOf: (terms: NetworkTerms) => readonly (readonly [name: string, expected: string | null])[],
  args: readonly unknown[] = [],
): Reading {
  return async (shown) => {
    const found = await answers(shown, contract, functionName, args);
    return expectedOf(shown.terms).map(([name, expected], index) => ({
      what: `${contract}: ${name}`,
      expected,
      found: found[index] ?? "no answer",
    }));
  };
}

const pause = (contract: ContractName): Reading => getter(contract, "isPaused", () => [["paused", "false"]]);

const told = ({ events }: Shown, name: string): ToldEvent[] => events.filter((one) => one.name === name);

/** Quorums of regions: those of the terms, and every other that was ever set. */
const regions: Reading = async (shown) => {
  const code = (region: unknown): string => paddedText(region as Hex);
  const usual = quorum(String(shown.terms.verifierThreshold), "0");
  const everSet = told(shown, "QuorumSet").flatMap(({ args: { region } }) =>
    region === NO_REGION ? [] : [region as Hex],
  );
  const named = shown.terms.regions.map(({ region }) => hexOf(region));
  const values: SettingValue[] = [];
  for (const region of [NO_REGION, ...new Set([...named, ...everSet])]) {
    const own = shown.terms.regions.find((one) => hexOf(one.region) === region);
    const [threshold = "no answer", set = "0"] = await answers(shown, "BatchRegistry", "quorumOf", [region]);
    const which = region === NO_REGION ? "regions without one of their own" : code(region);
    values.push({
      what: `BatchRegistry: quorum of ${which}`,
      expected: own === undefined ? usual : quorum(String(own.verifierThreshold), String(own.verifierSet)),
      found: quorum(threshold, set),
    });
  }
  return values;
};

const hexOf = (region: string): Hex => `0x${Buffer.from(region, "latin1").toString("hex").padEnd(16, "0")}`;
const quorum = (threshold: string, set: string): string =>
  `${threshold} of ${set === "0" ? "any" : `set ${set}`}`;

/** Told, not judged: rules are data that the network's roles publish, each with its own event. */
const listed =
  (event: string, what: string, entry: (args: ToldEvent["args"]) => string): Reading =>
  async (shown) => {
    const found = told(shown, event).map(({ args }) => entry(args));
    return [{ what, expected: null, found: [...new Set(found)].join(", ") }];
  };

/** An agent's successor can take what the agent could: none is there but by the network's own decision. */
const successors: Reading = async (shown) =>
  told(shown, "SuccessorSet").map(({ args, block }) => ({
    what: `ParticipantRegistry: successor of the agent ${String(args["agent"]).toLowerCase()}`,
    expected: "",
    found: `${String(args["successor"]).toLowerCase()}, since block ${String(block)}`,
  }));

/** Said elsewhere: participants are a check of their own. */
const elsewhere: Reading = async () => [];

const recoveryTerms = getter("ParticipantRegistry", "recoveryTerms", (terms) => [
  ["guardians that a recovery needs", String(terms.guardianThreshold)],
  ["seconds for objections to a recovery", String(terms.objectionSeconds)],
  ["seconds to complete a recovery", String(terms.completionSeconds ?? FIRST_COMPLETION)],
]);

/**
 * How each restricted setter's effect is read and what it should be, by `Contract.function`. A setter of
 * `ROLES` that is missing here is told as a fault by every verification, and fails a test.
 */
export const SETTINGS: Readonly<Record<string, Reading>> = {
  "ParticipantRegistry.setRecoveryTerms": recoveryTerms,
  "ParticipantRegistry.setCompletionPeriod": elsewhere,
  "ParticipantRegistry.setSuccessor": successors,
  "ParticipantRegistry.appoint": elsewhere,
  "BatchRegistry.setQuorum": regions,
  "BatchRegistry.setChallengeWindow": getter("BatchRegistry", "challengeWindow", (terms) => [
    ["challenge window in seconds", String(terms.challengeWindowSeconds)],
  ]),
  "BatchRegistry.setLeastClaimPeriod": getter("BatchRegistry", "leastClaimPeriod", (terms) => [
    ["least claim period in days", String(terms.leastClaimDays ?? 0)],
  ]),
  "BatchRegistry.setKeyScheme": listed(
    "KeySchemeSet",
    "BatchRegistry: key schemes",
    ({ keySchemeHash, allowed }) => `${String(keySchemeHash)} ${allowed === true ? "allowed" : "refused"}`,
  ),
  "CarbonCredit.setBaseUri": getter(
    "CarbonCredit",
    "uri",
    (terms) => [["uri of the batch 0", `${terms.creditUri}0x${ZEROS}`]],
    [0n],
  ),
  "CarbonCredit.setMaxLockSeconds": getter("CarbonCredit", "maxLockSeconds", () => [
    ["seconds that a lock may stand", String(FIRST_MAX_LOCK)],
  ]),
  "BatchDisputes.setTerms": getter("BatchDisputes", "terms", ({ disputes }) => [
    ["seconds for a response", String(disputes.responseSeconds)],
    ["seconds for a ruling", String(disputes.rulingSeconds)],
    ["bond of a double claim", String(disputes.doubleClaimBond)],
    ["bond of a gram challenge", String(disputes.openGramBond)],
  ]),
  "ExternalUnits.setRegistryOperator": listed(
    "RegistryOperatorSet",
    "ExternalUnits: operators of other registries",
    ({ registryId, operator }) => `${String(registryId)} by ${String(operator).toLowerCase()}`,
  ),
  "SettlementCash.setIssuer": getter("SettlementCash", "issuer", ({ cash }) => [
    ["firm that issues it", cash.issuerFirmId],
  ]),
  "SettlementCash.raiseLimit": getter("SettlementCash", "limit", ({ cash }) => [
    ["most that may circulate", cash.limit === null ? null : String(cash.limit)],
  ]),
  "MethodologyRegistry.publish": elsewhere,
  "MethodologyRegistry.setValidity": elsewhere,
  "MethodologyRegistry.setWithdrawn": elsewhere,
  "MethodologyRegistry.publishRules": listed(
    "RulesPublished",
    "MethodologyRegistry: lists of rules",
    (args) => Object.values(args).map(String).join(" "),
  ),
  "BatchRegistry.setPaused": pause("BatchRegistry"),
  "CarbonCredit.setPaused": pause("CarbonCredit"),
  "ExternalUnits.setPaused": pause("ExternalUnits"),
  "SettlementCash.setPaused": pause("SettlementCash"),
};
