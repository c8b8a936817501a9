import { retireIntent } from "../../adapters/chain/intents/retireIntent.ts";
import { creditBalance } from "../../adapters/chain/readOnly.ts";
import { listBatches } from "../../adapters/storage/batches/batches.ts";
import { knownBatch } from "../../adapters/storage/batches/knownBatch.ts";
import { findRetirement } from "../../adapters/storage/retirements/findRetirement.ts";
import type { StoredRetirement } from "../../adapters/storage/retirements/retirementRows.ts";
import { insertRetirement } from "../../adapters/storage/retirements/retirements.ts";
import { StateError, UsageError } from "../../base/errors/errors.ts";
import { concatBytes, toHex, utf8 } from "../../base/lib/bytes.ts";
import { toMilligramsDown } from "../../base/lib/mass.ts";
import type { Hex } from "../../base/types/ids.ts";
import type { Milligrams } from "../../base/types/quantities.ts";
import type { ChosenPurpose } from "../../base/types/retirement.ts";
import { beneficiaryHash, documentHash, retirementIdOf } from "../../format/onchain/retirementRecord.ts";
import { canonicalJson } from "../../format/canonicalJson.ts";
import { keccak } from "../../format/keccak.ts";
import { planRetirement, type Holding } from "../../stages/retire/planRetirement.ts";
import type { ChainSide, Context } from "../context.ts";
import { describeRetirement, type RetirementDescription } from "./describeRetirement.ts";
import type { RetirementDisclosure } from "../../format/proofs/proofFile.ts";
import { keepRetirementProof } from "../proofs/proveRetirement.ts";

export interface RetireRequest {
  readonly amount: Milligrams;
  readonly purpose: ChosenPurpose;
  readonly beneficiary: { readonly name: string; readonly lei: string | null };
  /** What it was used for, in words; null for nothing to say. */
  readonly use: string | null;
  /** Null: the current year, UTC. */
  readonly reportingYear: number | null;
  readonly country: string;
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
 * `retire.terms`, `batch.unknown`
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
      `The retirement ${retirementId} did not become final${done?.failure ? `: ${done.failure}` : ""}. Run the command again.`,
    );
  await keepRetirementProof(context, done);
  return describeRetirement(context, retirementId);
}

async function enter(context: Context, chain: ChainSide, request: RetireRequest, nonce: Hex): Promise<void> {
  const holder = chain.operator.address;
  const amounts = planRetirement(request.amount, await holdings(context, chain, request.batch));
  const salt = context.randomness.bytes(32);
  const disclosure = disclosureOf(request, toHex(salt));
  const terms = {
    nonce,
    beneficiaryHash: beneficiaryHash(salt, disclosure.beneficiary),
    documentHash: documentHash(salt, disclosure.use),
    purpose: request.purpose,
    reportingYear: request.reportingYear ?? new Date(context.clock.now() * 1000).getUTCFullYear(),
    country: request.country,
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
    disclosed: canonicalJson(disclosure),
    requestedAt: context.clock.now(),
  };
  await insertRetirement(context.db, context.tenant, plan, intent);
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

function disclosureOf({ beneficiary, use }: RetireRequest, salt: Hex): RetirementDisclosure {
  const name = beneficiary.name.normalize("NFC");
  return {
    beneficiary: beneficiary.lei === null ? { name } : { name, lei: beneficiary.lei },
    salt,
    use: (use ?? "").normalize("NFC"),
  };
}

function checkTerms(request: RetireRequest): void {
  if (!/^[A-Z]{2}$/.test(request.country))
    throw new UsageError("retire.terms", "A country is two capital letters of ISO 3166-1, such as CN.");
  if (request.beneficiary.name.trim() === "" || request.beneficiary.name.length > 500)
    throw new UsageError("retire.terms", "A beneficiary's name has 1 to 500 characters.");
  if (request.beneficiary.lei !== null && !/^[0-9A-Z]{18,20}$/.test(request.beneficiary.lei)) {
    throw new UsageError("retire.terms", "An LEI has 20 and a USCC 18 digits and capital letters.");
  }
  if ((request.use ?? "").length > 2000)
    throw new UsageError("retire.terms", "The text of --use has at most 2,000 characters.");
}

/**
 * A reference that comes again must ask for the same, or somebody is about to be told of a retirement that is
 * not theirs.
 */
function checkSameTerms(known: StoredRetirement, request: RetireRequest): void {
  const stored = JSON.parse(known.disclosed ?? "{}") as RetirementDisclosure;
  const asked = disclosureOf(request, stored.salt);
  const same =
    canonicalJson(asked) === known.disclosed &&
    known.purpose === request.purpose &&
    known.country === request.country &&
    (request.reportingYear === null || known.reportingYear === request.reportingYear) &&
    known.amounts.reduce((sum, amount) => sum + amount.milligrams, 0n) === request.amount;
  if (!same)
    throw new UsageError(
      "retire.reference",
      "This reference was used for a retirement with other terms. Choose another reference, or repeat the same terms.",
    );
}
