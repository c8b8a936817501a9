import { z } from "zod";
import {
  findOperation,
  finishOperation,
  saveOperation,
  startOperation,
  type StoredOperation,
} from "../../adapters/storage/service/operations.ts";
import type { JobKind } from "../../adapters/storage/queue/queue.ts";
import { InputError, UnavailableError, UnknownError } from "../../base/errors/errors.ts";
import { outOfRoom } from "../../base/errors/outOfRoom.ts";
import { utcText } from "../../base/lib/time/calendar.ts";
import { regionCode } from "../../base/lib/ids.ts";
import { milligrams } from "../../base/lib/mass.ts";
import { SECONDS_PER_HOUR } from "../../base/lib/time/units.ts";
import type { TenantId } from "../../base/types/ids.ts";
import { CHOSEN_PURPOSES } from "../../base/types/retirement.ts";
import { closeBatch, type AskedTerms } from "../batches/closeBatch.ts";
import type { Context } from "../context.ts";
import { mintBatch } from "../batches/mintBatch.ts";
import { retireCredits } from "../retirements/retireCredits.ts";
import { problemOf, type Problem } from "./problemOf.ts";
import type { Service } from "./serviceOf.ts";

/**
 * Their jobs. What is away for long is waited for: an operation ends with its result, or with what refuses it
 * for good.
 */
export const OPERATION_JOBS: JobKind = {
  name: "operations",
  retryLimit: 1_000,
  retryDelaySeconds: 2,
  retryDelayMaxSeconds: 300,
  expireSeconds: 4 * SECONDS_PER_HOUR,
  oncePerKey: null,
};

const closeTerms = z.strictObject({
  region: z.string(),
  vintage: z.int(),
  /** Acts if left out. */
  category: z.enum(["act", "project"]).optional(),
  /** Checked again when the work begins, by then perhaps on another day (`readAskedTerms`). */
  terms: z.custom<AskedTerms>((value) => typeof value === "object" && value !== null).optional(),
});
const mintTerms = z.strictObject({ batch: z.string(), attestations: z.array(z.string()).nullable() });
const retireTerms = z.strictObject({
  /** Decimal string of whole milligrams. */
  milligrams: z.string(),
  purpose: z.enum(CHOSEN_PURPOSES),
  beneficiary: z.strictObject({ name: z.string(), lei: z.string().nullable() }),
  use: z.string().nullable(),
  reportingYear: z.int().nullable(),
  country: z.string().nullable(),
  batch: z.string().nullable(),
  // Operations that an older version began don't have it.
  recognition: z
    .strictObject({ authority: z.string(), claimMilligrams: z.string() })
    .nullable()
    .default(null),
});

/** What outlasts a request, each with its terms and its work. */
const KINDS = {
  "close-batch": operation(closeTerms, (context, { region, vintage, category = "act", terms = {} }) =>
    closeBatch(context, { region: regionCode(region), vintage, category, terms }),
  ),
  "mint-batch": operation(mintTerms, (context, terms) => mintBatch(context, terms)),
  retire: operation(retireTerms, (context, { recognition, ...terms }, operationId) =>
    // Its own id is the reference, so that a retirement that is taken up again retires nothing twice.
    retireCredits(context, {
      ...terms,
      ...(recognition && {
        recognition: {
          authority: regionCode(recognition.authority),
          claim: milligrams(BigInt(recognition.claimMilligrams)),
        },
      }),
      amount: milligrams(BigInt(terms.milligrams)),
      reference: `operation ${operationId}`,
    }),
  ),
} as const;

export type OperationKind = keyof typeof KINDS;
export interface OperationTerms {
  readonly "close-batch": z.input<typeof closeTerms>;
  readonly "mint-batch": z.input<typeof mintTerms>;
  readonly retire: z.input<typeof retireTerms>;
}

/** An operation for people and programs; times ISO 8601, UTC. `result` is what the kind's verb answers. */
export interface OperationDescription {
  readonly operationId: string;
  readonly kind: OperationKind;
  readonly state: StoredOperation["state"];
  readonly result: unknown;
  readonly problem: Problem | null;
  readonly createdAt: string;
  readonly finishedAt: string | null;
}

/**
 * Enters an operation and its job in one transaction. One of the same id and terms that is there already
 * stays, and is answered.
 * @throws InputError `operation.other-terms` where the one that is there asks for something else
 */
export async function beginOperation<Kind extends OperationKind>(
  { root, queue }: Service,
  tenant: TenantId,
  operationId: string,
  kind: Kind,
  terms: OperationTerms[Kind],
): Promise<OperationDescription> {
  const request = JSON.stringify(terms);
  const isNew = await root.db.transaction(async (tx) => {
    const entered = await saveOperation(tx, tenant, {
      operationId,
      kind,
      request,
      createdAt: root.clock.now(),
    });
    if (entered) await queue.send(OPERATION_JOBS.name, { tenant, operationId }, { group: tenant }, tx);
    return entered;
  });
  if (!isNew) {
    // An idempotency key is forgotten after a week, or when its request broke; what it began is not.
    const found = await findOperation(root.db, tenant, operationId);
    if (found?.kind !== kind || found.request !== request) {
      throw new InputError(
        "operation.other-terms",
        "This Idempotency-Key began an operation with other terms. Use a new key for a new request.",
      );
    }
  }
  return describeOperation({ db: root.db, tenant }, operationId);
}

/** @throws UsageError `operation.unknown` */
export async function describeOperation(
  { db, tenant }: Pick<Context, "db" | "tenant">,
  operationId: string,
): Promise<OperationDescription> {
  const found = await findOperation(db, tenant, operationId);
  if (!found)
    throw new UnknownError(
      "operation.unknown",
      `There is no operation ${JSON.stringify(operationId.slice(0, 80))} here.`,
    );
  const { kind, state, result, problem, createdAt, finishedAt } = found;
  return {
    operationId: found.operationId,
    kind: kind as OperationKind,
    state,
    result: result === null ? null : (JSON.parse(result) as unknown),
    problem: problem === null ? null : (JSON.parse(problem) as Problem),
    createdAt: utcText(createdAt),
    finishedAt: finishedAt === null ? null : utcText(finishedAt),
  };
}

/**
 * Does an operation's work, from wherever an earlier try left it. What refuses it for good becomes its
 * problem.
 * @throws UnavailableError where a part that we depend on is away: the job is tried again
 */
export async function runOperation(
  { root, attempts }: Service,
  tenant: TenantId,
  operationId: string,
): Promise<void> {
  const found = await findOperation(root.db, tenant, operationId);
  if (!found || found.state === "done" || found.state === "failed") return;
  await startOperation(root.db, tenant, operationId);
  const context = await root.forTenant(tenant);
  try {
    const result = await attempts.run(operationId, () =>
      KINDS[found.kind as OperationKind](context, JSON.parse(found.request), operationId),
    );
    await finishOperation(root.db, tenant, operationId, { result: JSON.stringify(result) }, root.clock.now());
  } catch (error) {
    const away = outOfRoom(error) ?? error;
    if (away instanceof UnavailableError) throw away;
    const problem = problemOf(error, root.config);
    if (problem.code === "unexpected")
      root.log.error({ operation: operationId, kind: found.kind, err: error }, "an operation broke");
    await finishOperation(
      root.db,
      tenant,
      operationId,
      { problem: JSON.stringify(problem) },
      root.clock.now(),
    );
  } finally {
    await context.close();
  }
}

function operation<T extends z.ZodType>(
  terms: T,
  work: (context: Context, terms: z.output<T>, operationId: string) => Promise<unknown>,
) {
  return (context: Context, request: unknown, operationId: string): Promise<unknown> =>
    work(context, terms.parse(request), operationId);
}
