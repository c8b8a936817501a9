import { readBatch } from "../../adapters/chain/readOnly.ts";
import { findBatch } from "../../adapters/storage/batches/batches.ts";
import { regionCode } from "../../base/lib/ids.ts";
import { yearOfDay } from "../../base/lib/time/calendar.ts";
import type { BatchId, RegionCode } from "../../base/types/ids.ts";
import type { Day } from "../../base/types/quantities.ts";
import { decodeManifest } from "../../format/batch/manifest.ts";
import { manifestTerms } from "../../format/batch/manifestTerms.ts";
import type { ChainView } from "../chain/readChain.ts";
import { readChain } from "../chain/readChain.ts";
import type { Context } from "../context.ts";

/** What a retirement says of the batches that it takes from. */
export interface BatchFacts {
  readonly region: RegionCode;
  readonly startDay: Day;
  /** The calendar year of the vintage. */
  readonly vintage: number;
  /** ISO 3166-1 alpha-2; null for a batch of the first format, which names none. */
  readonly hostCountry: string | null;
}

/**
 * Of a batch of this folder by its manifest, of any other one by what the chain keeps of it; null where
 * neither knows it.
 * @param chain to ask; opened where it is needed and not given
 * @throws as `readChain`, `readBatch`
 */
export async function batchFacts(
  context: Pick<Context, "config" | "node" | "db" | "tenant">,
  batchId: BatchId,
  chain?: ChainView,
): Promise<BatchFacts | null> {
  const own = await findBatch(context.db, context.tenant, batchId);
  if (own !== null)
    return {
      region: own.region,
      startDay: own.startDay,
      vintage: yearOfDay(own.startDay),
      hostCountry: manifestTerms(decodeManifest(own.manifest)).hostCountry,
    };
  const { client, deployment } = chain ?? (await readChain(context));
  const shown = await readBatch(client, deployment.contracts, batchId);
  return (
    shown && {
      region: regionCode(shown.region),
      startDay: shown.vintageStartDay,
      vintage: yearOfDay(shown.vintageStartDay),
      hostCountry: shown.terms?.hostCountry ?? null,
    }
  );
}
