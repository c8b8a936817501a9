import { retireIntent } from "../../adapters/chain/intents/retireIntent.ts";
import { creditBalance } from "../../adapters/chain/readOnly.ts";
import { listBatches, listBatchManifests } from "../../adapters/storage/batches/batches.ts";
import { knownBatch } from "../../adapters/storage/batches/knownBatch.ts";
import { findRetirement } from "../../adapters/storage/retirements/findRetirement.ts";
import type { StoredRetirement } from "../../stages/retire/ports.ts";
import { insertRetirement } from "../../adapters/storage/retirements/retirements.ts";
import { StateError, UsageError } from "../../base/errors/errors.ts";
import { yearOfDay } from "../../base/lib/time/calendar.ts";
import { concatBytes, toHex, utf8 } from "../../base/lib/bytes.ts";
import { formatTonnes, toMilligramsDown } from "../../base/lib/mass.ts";
import type { BatchId, Hex } from "../../base/types/ids.ts";
import type { ChosenPurpose } from "../../base/types/retirement.ts";
import { beneficiaryHash, documentHash, retirementIdOf } from "../../format/onchain/retirementRecord.ts";
import { encodeDisclosure, type RetirementDisclosure } from "../../format/onchain/retirementDisclosure.ts";
import { decodeManifest } from "../../format/batch/manifest.ts";
import { manifestTerms } from "../../format/batch/manifestTerms.ts";
import { keccak } from "../../format/keccak.ts";
import { claimCountry } from "../../stages/retire/claimCountry.ts";
import { allocateOldestFirst, type Holding } from "../../stages/retire/allocateOldestFirst.ts";
import type { ChainSide, Context } from "../context.ts";
import { describeRetirement, type RetirementDescription } from "./describeRetirement.ts";
import {
  checkSameTerms,
  checkTerms,
  disclosureOf,
  type RetirementTerms,
} from "../../stages/retire/retirementTerms.ts";
import { recognisedHoldings, recognitionForRecord, type RecognitionRequest } from "./recognise.ts";
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
 * Retires credits of the operator for a beneficiary: request and intent in one transaction, then the chain,
 * then the proof at the final head.
 * @throws StateError `retire.insufficient`, `retire.nothing`, `retire.failed`; UsageError `retire.reference`,
 * `retire.terms`, `retire.year`, `retire.country`, `batch.unknown`, `recognition.not-recognised`,
 * `recognition.below-claim`
 */
export async function retireCredits(
  context: Context,
  request: RetireRequest,
): Promise<RetirementDescription> {
  checkTerms(request);
  const chain = await context.chain();
  const nonce = nonceOf(context, request.reference);
  const retirementId = retirementIdOf(chain.operator.address, nonce);
  const known = await findRetirement(context.db, context.tenant, retirementId);
  if (known) {
    checkSameTerms(known, request);
    await tryAgain(chain, known);
  } else await enter(context, chain, request, nonce);
  await chain.settle();

  const done = await findRetirement(context.db, context.tenant, retirementId);
  if (!done?.record)
    throw new StateError(
      "retire.failed",
      `The retirement ${retirementId} did not become final${done?.failure ? `: ${done.failure}` : ""}. ` +
        "Run the command again.",
    );
  await keepRetirementProof(context, done);
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
}

/**
 * What `retireCredits` would retire now; nothing is entered.
 * @throws as `retireCredits`, but for what only the chain can refuse
 */
export async function planRetirement(context: Context, request: RetireRequest): Promise<RetirementPlan> {
  checkTerms(request);
  const { amounts, vintageOf, reportingYear, country } = await choose(
    context,
    await context.chain(),
    request,
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
      vintage: vintageOf(batchId),
      milligrams: milligrams.toString(),
    })),
  };
}

/** Which grams of which batches, the year that they are reported for, and the country of the claim. */
async function choose(context: Context, chain: ChainSide, request: RetireRequest) {
  const held = await holdings(context, chain, request.batch);
  const asked = await recognitionRequest(context, request);
  const recognised = asked && (await recognisedHoldings(context, held, asked));
  const amounts = allocateOldestFirst(
    request.amount,
    recognised ? held.filter(({ batchId }) => recognised.has(batchId)) : held,
  );
  const vintages = new Map(held.map(({ batchId, startDay }) => [batchId, yearOfDay(startDay)]));
  const vintageOf = (batchId: BatchId): number => vintages.get(batchId) as number;
  const reportingYear =
    request.reportingYear ?? onlyVintage(new Set(amounts.map(({ batchId }) => vintageOf(batchId))));
  const country =
    request.country ??
    claimCountry(
      await hostCountries(context, new Set(amounts.map(({ batchId }) => batchId))),
      context.config.terms.hostCountry,
    );
  return { amounts, asked, recognised, vintageOf, reportingYear, country };
}

/** What the manifests of these batches name; null for one of the first format. */
async function hostCountries(
  { db, tenant }: Context,
  batches: ReadonlySet<BatchId>,
): Promise<(string | null)[]> {
  return (await listBatchManifests(db, tenant))
    .filter(({ batchId }) => batches.has(batchId))
    .map(({ manifest }) => manifestTerms(decodeManifest(manifest)).hostCountry);
}

/** @throws UsageError `retire.year` */
function onlyVintage(vintages: ReadonlySet<number>): number {
  const [only] = vintages;
  if (only !== undefined && vintages.size === 1) return only;
  throw new UsageError(
    "retire.year",
    `The amount takes from the vintages ${[...vintages].toSorted((a, b) => a - b).join(" and ")}, so ` +
      "nothing says which year it is reported for. Name the year (--year, reportingYear), or one " +
      "batch to take it from.",
  );
}

async function enter(context: Context, chain: ChainSide, request: RetireRequest, nonce: Hex): Promise<void> {
  const holder = chain.operator.address;
  const { amounts, asked, recognised, reportingYear, country } = await choose(context, chain, request);
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

/** What the operator holds of each minted batch, by the chain's own word. */
async function holdings(context: Context, chain: ChainSide, only: string | null): Promise<Holding[]> {
  const chosen = only === null ? null : await knownBatch(context.db, context.tenant, only);
  const minted = (await listBatches(context.db, context.tenant)).filter(
    ({ state, batchId }) => state === "minted" && (!chosen || chosen.batchId === batchId),
  );
  return Promise.all(
    minted.map(async ({ batchId, startDay }) => ({
      batchId,
      startDay,
      milligrams: toMilligramsDown(
        await creditBalance(chain.client, chain.deployment.contracts, chain.operator.address, batchId),
      ),
    })),
  );
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
