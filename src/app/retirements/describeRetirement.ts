import { listRetirements } from "../../adapters/storage/retirements/listRetirements.ts";
import type { RetirementState, StoredRetirement } from "../../stages/retire/ports.ts";
import { utcText } from "../../base/lib/time/calendar.ts";
import { formatTonnes, milligrams } from "../../base/lib/mass.ts";
import type { RetirementId } from "../../base/types/ids.ts";
import type { Purpose } from "../../base/types/retirement.ts";
import { serialText } from "../../format/batch/serial.ts";
import type { Context } from "../context.ts";
import { batchFacts } from "./batchFacts.ts";
import { recognitionFacts, type RecognitionFacts } from "../../format/onchain/recognitionFacts.ts";
import { parseDisclosure, type RetirementDisclosure } from "../../format/onchain/retirementDisclosure.ts";
import { knownRetirement } from "../../adapters/storage/retirements/knownRetirement.ts";

/** A retirement for people and programs: masses as decimal strings, times ISO 8601, UTC. */
export interface RetirementDescription {
  readonly retirementId: RetirementId;
  readonly state: RetirementState;
  readonly purpose: Purpose;
  readonly milligrams: string;
  readonly tonnes: string;
  /** `MT-…` texts, both ends inclusive; empty before it is final. */
  readonly serials: readonly string[];
  readonly reportingYear: number;
  readonly country: string;
  readonly beneficiary: { readonly name: string; readonly lei: string | null };
  readonly use: string;
  /** Null where nobody was asked to recognise it. */
  readonly recognition: RecognitionFacts | null;
  readonly requestedAt: string;
  readonly retiredAt: string | null;
  /** Why the chain refused it. */
  readonly failure: string | null;
  /** True once its proof file is kept here. */
  readonly proven: boolean;
}

/** All retirements of the tenant, in the order in which they were requested. */
export async function describeRetirements(context: Context): Promise<RetirementDescription[]> {
  return Promise.all(
    (await listRetirements(context.db, context.tenant)).map((retirement) => describe(context, retirement)),
  );
}

/**
 * One, by its id or the first digits of it. @throws UsageError `retirement.unknown`, `retirement.ambiguous`
 */
export async function describeRetirement(
  context: Context,
  idOrPrefix: string,
): Promise<RetirementDescription> {
  const found = await knownRetirement(context.db, context.tenant, idOrPrefix);
  return describe(context, found);
}

const NOTHING: Pick<RetirementDisclosure, "beneficiary" | "use" | "recognition"> = {
  beneficiary: { name: "" },
  use: "",
};

async function describe(context: Context, retirement: StoredRetirement): Promise<RetirementDescription> {
  const {
    retirementId,
    state,
    purpose,
    amounts,
    record,
    reportingYear,
    country,
    disclosed,
    requestedAt,
    failure,
    proven,
  } = retirement;
  const mass = milligrams(amounts.reduce((sum, amount) => sum + amount.milligrams, 0n));
  const serials = await Promise.all(
    (record?.lines ?? []).map(async (line) => {
      const batch = await batchFacts(context, line.batchId);
      return batch ? [serialText({ region: batch.region, year: batch.vintage, ...line })] : [];
    }),
  );
  const { beneficiary, use, recognition } = disclosed === null ? NOTHING : parseDisclosure(disclosed);
  return {
    retirementId,
    state,
    purpose,
    milligrams: mass.toString(),
    tonnes: formatTonnes(mass),
    serials: serials.flat(),
    reportingYear,
    country,
    beneficiary: { name: beneficiary.name, lei: beneficiary.lei ?? null },
    use,
    recognition: recognitionFacts(recognition),
    requestedAt: utcText(requestedAt),
    retiredAt: record ? utcText(record.retiredAt) : null,
    failure,
    proven,
  };
}
