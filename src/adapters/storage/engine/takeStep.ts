import { fromHex, toHex } from "../../../base/lib/bytes.ts";
import type { Address, Hex } from "../../../base/types/ids.ts";
import type { UnixSeconds } from "../../../base/types/quantities.ts";
import type { Session } from "./database.ts";

/** What a row of any chain of decisions says. */
interface ChainedDecision {
  /** From 1, without gaps. */
  readonly sequence: number;
  readonly what: string;
  readonly by: Address;
  readonly before: string | null;
  readonly after: string;
  readonly at: UnixSeconds;
}

/** Whoever steps, and when; addresses in any case. */
interface StepEvent {
  readonly what: string;
  readonly by: Address;
  readonly at: UnixSeconds;
}

/** How something of which people decide takes a step, and where the row of the decision goes. */
export interface Stepping<Standing, Step, Decision extends ChainedDecision> {
  /** Whoever names the same lock waits. */
  readonly lock: string;
  readonly read: (tx: Session) => Promise<Standing>;
  /** Throws where the step may not be taken. */
  readonly decide: (standing: Standing) => Step;
  /** False where it was there already: then nothing is written. */
  readonly isWritten: (step: Step) => boolean;
  readonly writeState: (tx: Session, standing: Standing, step: Step) => Promise<void>;
  readonly table: "rule_decisions" | "project_decisions";
  /** SQL over $1, the tenant, of the rows that make one chain; null for all of the table. */
  readonly chainOf: string | null;
  readonly tenant: string;
  readonly decisionOf: (step: Step, common: ChainedDecision) => Decision;
  /** Columns that the table has beside the common ones, with their values. */
  readonly columnsOf: (decision: Decision) => Readonly<Record<string, unknown>>;
  readonly hash: (decision: Decision, previous: Hex | null) => Hex;
}

/**
 * Takes a step as it is decided, with a row of the decision that carries the hash of the row before it, in
 * the caller's transaction: what stands may not change between being read and being written. Returns what
 * stood, and the step.
 */
export async function takeStep<
  Standing,
  Step extends { readonly before: string | null; readonly after: string },
  Decision extends ChainedDecision,
>(
  tx: Session,
  { what, by, at }: StepEvent,
  stepping: Stepping<Standing, Step, Decision>,
): Promise<{ standing: Standing; step: Step }> {
  await tx.query("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", [stepping.lock]);
  const standing = await stepping.read(tx);
  const step = stepping.decide(standing);
  if (!stepping.isWritten(step)) return { standing, step };
  await stepping.writeState(tx, standing, step);
  const { table, chainOf, tenant } = stepping;
  const [last] = await tx.query<{ sequence: number; hash: Uint8Array }>(
    `SELECT sequence, hash FROM ${table} ${chainOf === null ? "" : `WHERE ${chainOf}`}
     ORDER BY sequence DESC LIMIT 1`,
    chainOf === null ? [] : [tenant],
  );
  const { before, after } = step;
  const sequence = (last?.sequence ?? 0) + 1;
  const signer = by.toLowerCase() as Address;
  const decision = stepping.decisionOf(step, { sequence, what, by: signer, before, after, at });
  const hash = stepping.hash(decision, last === undefined ? null : toHex(last.hash));
  const row = {
    tenant,
    sequence,
    what,
    by_key: fromHex(signer, 20),
    before,
    after,
    at,
    hash: fromHex(hash, 32),
    ...stepping.columnsOf(decision),
  };
  const places = Object.keys(row).map((_, i) => `$${String(i + 1)}`);
  await tx.query(
    `INSERT INTO ${table} (${Object.keys(row).join(", ")}) VALUES (${places.join(", ")})`,
    Object.values(row),
  );
  return { standing, step };
}
