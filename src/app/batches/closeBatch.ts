import { batchHead } from "../../adapters/storage/batches/batches.ts";
import { closingContents } from "../../adapters/storage/batches/closingContents.ts";
import { findClosing } from "../../adapters/storage/batches/closings.ts";
import { ensureSaltKeys } from "../../adapters/storage/batches/ensureSaltKeys.ts";
import { sealBatch } from "../../adapters/storage/batches/sealBatch.ts";
import { listProjects } from "../../adapters/storage/projects/listProjects.ts";
import { startClosing } from "../../adapters/storage/batches/startClosing.ts";
import { UnknownError } from "../../base/errors/errors.ts";
import { yieldToEventLoop } from "../../base/lib/yieldToEventLoop.ts";
import { firstDayOf } from "../../base/lib/time/calendar.ts";
import { toHex, utf8 } from "../../base/lib/bytes.ts";
import { localDay, tzdataVersion } from "../../base/lib/time/zone.ts";
import type { Address, RegionCode } from "../../base/types/ids.ts";
import type { MethodologyCategory } from "../../base/types/methodology.ts";
import type { Day } from "../../base/types/quantities.ts";
import { MANIFEST_PATH } from "../../format/archive/archiveLayout.ts";
import { parseCanonicalJson } from "../../format/canonicalJson.ts";
import { encodeLeaves } from "../../format/batch/leaf.ts";
import {
  batchIdOf,
  bufferMilligramsDown,
  encodeManifest,
  type Manifest2,
} from "../../format/batch/manifest.ts";
import { MANIFEST_FORMAT } from "../../format/batch/manifestSchema.ts";
import { RECORD_SCHEMA_2 } from "../../format/batch/record.ts";
import { parseMethodology } from "../../format/batch/methodology.ts";
import { LEAF_SCHEMA } from "../../format/v1/manifest.ts";
import { ArchiveStream, type ArchiveCommitment } from "../../format/archive/archiveStream.ts";
import { checkSameClosing } from "../../stages/pool/checkSameClosing.ts";
import { checkSeal } from "../../stages/pool/checkSeal.ts";
import { closableCategory } from "../../stages/pool/closableCategory.ts";
import { closingChecks } from "../../stages/pool/closingChecks.ts";
import { linkLeaves } from "../../stages/pool/linkLeaves.ts";
import type { Closing, ClosingCategory, ClosingTerms } from "../../stages/pool/ports.ts";
import { checkSameTerms } from "../../stages/pool/checkSameTerms.ts";
import type { AskedTerms, SaidTerms } from "../../stages/pool/readAskedTerms.ts";
import { decideClosingProjects } from "../../stages/projects/decideClosingProjects.ts";
import { parseProject } from "../../stages/projects/parseProject.ts";
import type { LeftOutProject } from "../../stages/projects/ports.ts";
import type { Context } from "../context.ts";
import { takeUpWithdrawals } from "../rules/takeUpWithdrawals.ts";
import { checkAskedTerms } from "./checkAskedTerms.ts";
import { closingTerms } from "./closingTerms.ts";
import { describeBatch, type BatchDescription } from "./describeBatch.ts";
import { leafDrafts } from "./leafDrafts.ts";
import { projectTerms } from "./projectTerms.ts";
import { manifestProviders } from "../providers/manifestProviders.ts";

export type { AskedTerms, LeftOutProject };

export interface CloseRequest {
  readonly region: RegionCode;
  /** Calendar year in the region's time zone. */
  readonly vintage: number;
  /** Acts if left out; acts, projects and behaviour never share a batch. */
  readonly category?: MethodologyCategory;
  /** What is said of this batch; by the settings if left out. */
  readonly terms?: AskedTerms;
  /** Told of projects of which something is open that stays out, before anything is read. */
  readonly onLeftOut?: (projects: readonly LeftOutProject[]) => void;
  /** Reductions read so far, and how many there are. */
  readonly onProgress?: (done: number, total: number) => void;
}

/**
 * Closes what is open of a region and vintage into a batch: freezes, builds tree and archive, seals. A close
 * that was cut off is finished first, with the same bytes and the terms that it began with; one of another
 * region or vintage that is unfinished is refused, since there is one closing at a time.
 * @throws StateError `closing.nothing-open`, `closing.other`, `closing.other-terms`, `closing.behaviour`,
 * `project.…` where what is open of all projects stays out; UsageError `region.unknown`, or as
 * `closingTerms` and `checkAskedTerms`
 */
export async function closeBatch(context: Context, request: CloseRequest): Promise<BatchDescription> {
  const chain = await context.chain();
  const { deployment, operator } = chain;
  const category = closableCategory(request.category ?? "act");
  await takeUpWithdrawals(context, chain, request.region);
  // Before anything is frozen: what was said may not be.
  const said = await checkAskedTerms(context, { ...request, category });
  const closing = await beginClosing(context, { ...request, category, said });
  const contents = await closingContents(context.db, context.tenant, closing.closingId);
  await ensureSaltKeys(context.db, context.tenant, closing.closingId, (holders) =>
    context.keys.salts.newSaltKeys(context.tenant, holders),
  );

  const draft = await context.archive.draft(toHex(closing.closingId).slice(2, 18));
  try {
    const archive = new ArchiveStream(draft);
    const providers = new Map(contents.providers.map(({ id }, index) => [id, index]));
    const drafts = leafDrafts(context, closing);
    let done = 0;
    const terms = termsOf(context, closing);
    const classes = context.classLists.named(terms.scenarioClasses) ?? context.classLists.newest;
    for await (const leaves of linkLeaves(drafts, providers, classes)) {
      await archive.push(encodeLeaves(leaves));
      await yieldToEventLoop();
      request.onProgress?.((done += leaves.length), closing.reductions);
    }
    const commitment = await archive.finish();

    const { title } = terms;
    const manifest: Manifest2 = {
      ...(await fixedPart(context, closing, contents)),
      ...terms,
      ...(title === null
        ? await projectTerms(
            context,
            contents.providers.map(({ id }) => id),
          )
        : { title, projects: [] }),
      chainId: deployment.chainId.toString(),
      contracts: deployment.contracts,
      operator: operator.address.toLowerCase() as Address,
      ...committedPart(commitment),
    };
    const bytes = encodeManifest(manifest);
    const batchId = batchIdOf(bytes);
    await draft.write(MANIFEST_PATH, bytes);
    await draft.publish(batchId);
    const batch = {
      closingId: closing.closingId,
      batchId,
      root: commitment.root,
      totalMilligrams: commitment.total,
      leafCount: commitment.count,
      leavesHash: commitment.leavesHash,
      bufferMilligrams: bufferMilligramsDown(commitment.total, manifest.bufferBps),
      manifest: bytes,
    };
    await sealBatch(context.db, context.tenant, batch, checkSeal);
    return await describeBatch(context, batchId);
  } finally {
    draft.close();
  }
}

/** The unfinished closing if there is one, else a new one. */
async function beginClosing(
  context: Context,
  {
    region,
    vintage,
    category,
    said,
    onLeftOut,
  }: Omit<CloseRequest, "category" | "terms"> & {
    readonly category: ClosingCategory;
    readonly said: SaidTerms;
  },
): Promise<Closing> {
  const resumed = (closing: Closing): Closing => {
    checkSameClosing(closing, region, vintage, category);
    checkSameTerms(termsOf(context, closing), said);
    return closing;
  };
  const unfinished = await findClosing(context.db, context.tenant);
  if (unfinished) return resumed(unfinished);
  const timeZone = timeZoneOf(context, region);
  const createdAt = context.clock.now();
  const { started, closing, leftOut } = await startClosing(
    context.db,
    context.tenant,
    {
      closingId: context.randomness.bytes(32),
      region,
      category,
      startDay: firstDayOf(vintage),
      endDay: (firstDayOf(vintage + 1) - 1) as Day,
      timeZone,
      createdAt,
      // Before anything is frozen: settings may be missing.
      terms: closingTerms(context, region, category, localDay(timeZone, createdAt), said),
      previousBatchId: await batchHead(context.db, context.tenant),
    },
    closingChecks,
    category === "project"
      ? { list: (tx) => listProjects(tx, context.tenant, parseProject), decide: decideClosingProjects }
      : null,
  );
  if (!started) return resumed(closing);
  if (leftOut) onLeftOut?.(leftOut);
  return closing;
}

/** A closing's own; what it began without, before that was kept, is as the settings have it of its day. */
function termsOf(context: Context, { terms, region, category, timeZone, createdAt }: Closing): ClosingTerms {
  const { bufferBps, claimPeriodDays } = context.config;
  if (terms) return { bufferBps, claimPeriodDays, ...terms };
  return closingTerms(context, region, category, localDay(timeZone, createdAt));
}

/** Every methodology of a region counts days in one zone; the catalogue sees to it. */
function timeZoneOf({ methodologies }: Context, region: RegionCode): string {
  const timeZone = methodologies.timeZoneOf(region);
  if (timeZone !== null) return timeZone;
  throw new UnknownError("region.unknown", `No methodology is of region ${region}.`, {
    remedy: { act: "list-methodologies" },
  });
}

async function fixedPart(
  context: Context,
  closing: Closing,
  contents: Awaited<ReturnType<typeof closingContents>>,
): Promise<
  Omit<
    Manifest2,
    | "chainId"
    | "contracts"
    | "operator"
    | "projects"
    | keyof ClosingTerms
    | keyof ReturnType<typeof committedPart>
  >
> {
  const methodologies = contents.methodologies.map(({ json }) =>
    parseMethodology(parseCanonicalJson(utf8(json))),
  );
  return {
    format: MANIFEST_FORMAT,
    category: closing.category,
    tenant: context.tenant,
    region: closing.region,
    vintage: {
      startDay: closing.startDay,
      endDay: closing.endDay,
      timeZone: closing.timeZone,
      tzdata: tzdataVersion(),
    },
    keyScheme: await context.keys.activities.keyScheme(contents.years),
    subjectlessMilligrams: contents.subjectlessMilligrams,
    methodologies,
    providers: await manifestProviders(context, closing.closingId, contents.providers),
    schemas: { leaf: LEAF_SCHEMA, record: RECORD_SCHEMA_2 },
    previousBatchId: closing.previousBatchId,
    archive: { bundleLeaves: 256, tileNodes: 256 },
    createdAt: closing.createdAt,
  };
}

function committedPart({ root, total, count, leavesHash }: ArchiveCommitment) {
  return { root: toHex(root), totalMilligrams: total, leafCount: count, leavesHash: toHex(leavesHash) };
}
