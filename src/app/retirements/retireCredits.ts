import { retireIntent } from "../../adapters/chain/intents/retireIntent.ts";
import { findRetirement } from "../../adapters/storage/retirements/findRetirement.ts";
import type { StoredRetirement } from "../../stages/retire/ports.ts";
import { insertRetirement } from "../../adapters/storage/retirements/retirements.ts";
import { StateError, UsageError } from "../../base/errors/errors.ts";
import { concatBytes, toHex, utf8 } from "../../base/lib/bytes.ts";
import { formatTonnes } from "../../base/lib/mass.ts";
import type { BatchId, Hex } from "../../base/types/ids.ts";
import type { ChosenPurpose } from "../../base/types/retirement.ts";
import { beneficiaryHash, documentHash, retirementIdOf } from "../../format/onchain/retirementRecord.ts";
import { encodeDisclosure, type RetirementDisclosure } from "../../format/onchain/retirementDisclosure.ts";
import { keccak } from "../../format/keccak.ts";
import { claimCountry } from "../../stages/retire/claimCountry.ts";
import { yearWarnings } from "../../stages/retire/yearWarnings.ts";
import { allocateOldestFirst } from "../../stages/retire/allocateOldestFirst.ts";
import type { ChainSide, Context } from "../context.ts";
import { batchFacts, type BatchFacts } from "./batchFacts.ts";
import { holdingsOf } from "./holdingsOf.ts";
import { describeRetirement, type RetirementDescription } from "./describeRetirement.ts";
import {
  checkSameTerms,
  checkTerms,
  disclosureOf,
  type RetirementTerms,
} from "../../stages/retire/retirementTerms.ts";
import { recognisedHoldings, recognitionForRecord, type RecognitionRequest } from "./recognise.ts";
import { hasArchives, type ArchiveOf, NO_ARCHIVES } from "../proofs/batchArchive.ts";
import { keepRetirementProof } from "../proofs/proveRetirement.ts";

export interface RetireRequest extends RetirementTerms {
  /** Id or prefix of the one batch to take it from; null: oldest vintage first. */
  readonly batch: string | null;
  /**
   * The caller's own name for this retirement: given again with the same terms it answers the same, and
   * retires nothing more.
   */
  readonly reference: string | null;
}

/**
 * Retires credits of the holder, or the operator, for a beneficiary: request and intent in one transaction,
 * then the chain, then the proof at the final head. The proof is left out where a batch that it takes from is
 * another folder's and its archive is not at hand.
 * @param archives of batches that other folders made
 * @throws StateError `retire.insufficient`, `retire.nothing`, `retire.failed`; UsageError `retire.reference`,
 * `retire.terms`, `retire.year`, `retire.country`, `batch.unknown`, `recognition.not-recognised`,
 * `recognition.below-claim`
 */
export async function retireCredits(
  context: Context,
  request: RetireRequest,
  archives: ArchiveOf = NO_ARCHIVES,
): Promise<RetirementDescription> {
  checkTerms(request);
  const chain = await context.chain();
  const nonce = nonceOf(context, request.reference);
  const retirementId = retirementIdOf(chain.holder.address, nonce);
  const known = await findRetirement(context.db, context.tenant, retirementId);
  if (known) {
    checkSameTerms(known, request);
    await tryAgain(chain, known);
  } else await enter(context, chain, { request, nonce, archives });
  await chain.settle();

  const done = await findRetirement(context.db, context.tenant, retirementId);
  if (!done?.record)
    throw new StateError(
      "retire.failed",
      `The retirement ${retirementId} did not become final${done?.failure ? `: ${done.failure}` : ""}. ` +
        "Run the command again.",
    );
  if (await hasArchives(context, done.record, archives)) await keepRetirementProof(context, done, archives);
  return describeRetirement(context, retirementId);
}

/** What a retirement would take, for people and programs: masses as decimal strings. */
export interface RetirementPlan {
  readonly milligrams: string;
  readonly tonnes: string;
  readonly purpose: ChosenPurpose;
  readonly reportingYear: number;
  readonly country: string;
  readonly beneficiary: RetireRequest["beneficiary"];
  readonly takes: readonly {
    readonly batchId: BatchId;
    readonly vintage: number;
    readonly milligrams: string;
  }[];
  /** What stands out, as sentences. */
  readonly warnings: readonly string[];
}

/**
 * What `retireCredits` would retire now; nothing is entered.
 * @throws as `retireCredits`, but for what only the chain can refuse
 */
export async function planRetirement(
  context: Context,
  request: RetireRequest,
  archives: ArchiveOf = NO_ARCHIVES,
): Promise<RetirementPlan> {
  checkTerms(request);
  const { amounts, facts, reportingYear, country } = await choose(
    context,
    await context.chain(),
    request,
    archives,
  );
  return {
    milligrams: request.amount.toString(),
    tonnes: formatTonnes(request.amount),
    purpose: request.purpose,
    reportingYear,
    country,
    beneficiary: request.beneficiary,
    takes: amounts.map(({ batchId, milligrams }) => ({
      batchId,
      vintage: (facts.get(batchId) as BatchFacts).vintage,
      milligrams: milligrams.toString(),
    })),
    warnings: yearWarnings(
      reportingYear,
      [...facts.values()].map(({ vintage }) => vintage),
    ),
  };
}

/** Which grams of which batches, the year that they are reported for, and the country of the claim. */
async function choose(context: Context, chain: ChainSide, request: RetireRequest, archives: ArchiveOf) {
  const held = await holdingsOf(context, chain, request.batch);
  const asked = await recognitionRequest(context, request);
  const recognised = asked && (await recognisedHoldings(context, held, asked, archives));
  const amounts = allocateOldestFirst(
    request.amount,
    recognised ? held.filter(({ batchId }) => recognised.has(batchId)) : held,
  );
  const facts = new Map<BatchId, BatchFacts>();
  for (const { batchId } of amounts) {
    const found = await batchFacts(context, batchId, chain);
    if (found) facts.set(batchId, found);
  }
  const taken = [...facts.values()];
  const reportingYear = request.reportingYear ?? onlyVintage(new Set(taken.map(({ vintage }) => vintage)));
  const country =
    request.country ??
    claimCountry(
      taken.map(({ hostCountry }) => hostCountry),
      context.config.terms.hostCountry,
    );
  return { amounts, asked, recognised, facts, reportingYear, country };
}

/** @throws UsageError `retire.year` */
function onlyVintage(vintages: ReadonlySet<number>): number {
  const [only] = vintages;
  if (only !== undefined && vintages.size === 1) return only;
  throw new UsageError(
    "retire.year",
    `The amount takes from the vintages ${[...vintages].toSorted((a, b) => a - b).join(" and ")}, so ` +
      "nothing says which year it is reported for.",
    { remedy: { act: "name-reporting-year" } },
  );
}

async function enter(
  context: Context,
  chain: ChainSide,
  {
    request,
    nonce,
    archives,
  }: { readonly request: RetireRequest; readonly nonce: Hex; readonly archives: ArchiveOf },
): Promise<void> {
  const holder = chain.holder.address;
  const { amounts, asked, recognised, reportingYear, country } = await choose(
    context,
    chain,
    request,
    archives,
  );
  const salt = context.randomness.bytes(32);
  const disclosure: RetirementDisclosure = {
    ...disclosureOf(request, toHex(salt)),
    ...(asked && recognised ? { recognition: recognitionForRecord(amounts, recognised, asked) } : {}),
  };
  const terms = {
    nonce,
    beneficiaryHash: beneficiaryHash(salt, disclosure.beneficiary),
    documentHash: documentHash(salt, disclosure.use, disclosure.recognition),
    purpose: request.purpose,
    reportingYear,
    country,
    amounts,
  };
  const { retirementId, ...intent } = retireIntent(
    chain.deployment.contracts.RetirementRegistry,
    holder,
    terms,
  );
  const plan = {
    ...terms,
    retirementId,
    holder,
    disclosed: encodeDisclosure(disclosure),
    requestedAt: context.clock.now(),
  };
  await insertRetirement(context.db, context.tenant, plan, intent);
}

/** Who is asked to recognise it, with the rules that it has in force; null where nobody is. */
async function recognitionRequest(
  context: Context,
  { recognition, purpose }: RetireRequest,
): Promise<RecognitionRequest | null> {
  if (recognition === undefined) return null;
  await context.refreshRules();
  const matrix = context.recognition.inForce(recognition.authority, context.clock.now());
  return { ...recognition, purpose, matrix };
}

/**
 * A retirement that the chain refused (too few credits at that time) is asked for again as it was planned.
 */
async function tryAgain(
  { deployment, outbox }: ChainSide,
  { holder, ...terms }: StoredRetirement,
): Promise<void> {
  await outbox.enqueue(retireIntent(deployment.contracts.RetirementRegistry, holder, terms));
}

function nonceOf(context: Context, reference: string | null): Hex {
  if (reference === null) return toHex(context.randomness.bytes(32));
  return toHex(
    keccak(
      concatBytes(
        utf8(`microtonne/retirement-reference/1\n${context.tenant}\n`),
        utf8(reference.normalize("NFC")),
      ),
    ),
  );
}
