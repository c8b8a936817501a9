import type { SubjectKey, TenantId } from "../../base/types/ids.ts";
import type { ImplausibleDayCode } from "../../base/types/plausibility.ts";
import type { Reduction } from "../../base/types/reduction.ts";
import type { DayAct, DayRules } from "../../stages/plausibility/ports.ts";
import type { Session } from "./database.ts";
import { decodeDayActs, encodeDayActs } from "./dayActs.ts";

const COLUMNS = { tenant: "text", day_subject: "bytea", acts: "bytea" } as const;
const KEY_BYTES = 36;
/** The `$3` keys that `$2` holds one after another. */
const GIVEN = `(SELECT n, substr($2::bytea, ${String(KEY_BYTES)} * n + 1, ${String(KEY_BYTES)}) AS key FROM generate_series(0, $3::integer - 1) AS n OFFSET 0) given`;

/** One subject's local day: what is stored, and what this transaction adds. */
interface SubjectDay {
  isStored: boolean;
  readonly acts: DayAct[];
  readonly added: DayAct[];
}

/**
 * The days of the subjects of a chunk, inside the transaction that admits it. Stored ones are locked to its end, so that two transactions that add
 * to one see each other's acts; new ones meet at their key.
 */
export class SubjectDays {
  readonly #tx: Session;
  readonly #tenant: TenantId;
  readonly #rules: DayRules;
  readonly #days = new Map<string, SubjectDay>();

  private constructor(tx: Session, tenant: TenantId, rules: DayRules) {
    this.#tx = tx;
    this.#tenant = tenant;
    this.#rules = rules;
  }

  /** Reads and locks the days that the acts of these reductions touch. */
  static async load(tx: Session, tenant: TenantId, rules: DayRules, reductions: readonly Reduction[]): Promise<SubjectDays> {
    const days = new SubjectDays(tx, tenant, rules);
    for (const reduction of reductions)
      for (const name of days.#namesOf(reduction, rules.actOf(reduction))) days.#days.set(name, { isStored: false, acts: [], added: [] });
    // In one order for all, so that transactions wait for each other's locks instead of deadlocking.
    const names = [...days.#days.keys()].toSorted();
    const stored = await tx.query<{ n: number; acts: Uint8Array }>(
      `SELECT given.n, known.acts FROM ${GIVEN} CROSS JOIN LATERAL (
         SELECT d.acts FROM subject_days d WHERE d.tenant = $1 AND d.day_subject = given.key FOR NO KEY UPDATE OFFSET 0) known`,
      [tenant, keysOf(names), names.length],
    );
    for (const { n, acts } of stored) days.#days.set(names[n] as string, { isStored: true, acts: decodeDayActs(acts), added: [] });
    return days;
  }

  /** Why an act can't be true beside those of its subject that are stored or kept, or null. An act that names nobody is not judged. */
  judge(reduction: Reduction): ImplausibleDayCode | null {
    if (reduction.subjectKey === null) return null;
    const act = this.#rules.actOf(reduction);
    const [own = [], ...further] = this.#namesOf(reduction, act).map((name) => this.#days.get(name)?.acts ?? []);
    return this.#rules.judge(act, own, further.flat());
  }

  /** Counts an act that is admitted. */
  keep(reduction: Reduction): void {
    const act = this.#rules.actOf(reduction);
    for (const name of this.#namesOf(reduction, act)) {
      const day = this.#days.get(name);
      day?.acts.push(act);
      day?.added.push(act);
    }
  }

  /** Stores what was kept. Fails with a unique violation where another transaction stored one of the new days since they were looked up. */
  async save(): Promise<void> {
    const changed = [...this.#days].filter(([, { added }]) => added.length > 0);
    const fresh = changed.filter(([, { isStored }]) => !isStored);
    await this.#tx.copyIn(
      "subject_days",
      COLUMNS,
      fresh.map(([name, { added }]) => [this.#tenant, keysOf([name]), encodeDayActs(added)]),
    );
    const grown = changed.filter(([, { isStored }]) => isStored);
    if (grown.length === 0) return;
    const acts = grown.map(([, { added }]) => encodeDayActs(added));
    const ends: number[] = [];
    for (const bytes of acts) ends.push((ends.at(-1) ?? 0) + bytes.length);
    await this.#tx.query(
      `UPDATE subject_days d SET acts = d.acts || substr($4::bytea, ($5::integer[])[given.n + 1] + 1, ($6::integer[])[given.n + 1])
       FROM ${GIVEN} WHERE d.tenant = $1 AND d.day_subject = given.key`,
      [
        this.#tenant,
        keysOf(grown.map(([name]) => name)),
        grown.length,
        Buffer.concat(acts),
        ends.map((end, i) => end - (acts[i] as Uint8Array).length),
        acts.map(({ length }) => length),
      ],
    );
  }

  /** One character a byte; its own day first. */
  #namesOf({ subjectKey }: Reduction, act: DayAct): string[] {
    return subjectKey === null ? [] : this.#rules.daysOf(act).map((day) => dayName(day, subjectKey));
  }
}

function dayName(day: number, subjectKey: SubjectKey): string {
  const bytes = Buffer.allocUnsafe(KEY_BYTES);
  bytes.writeInt32BE(day);
  bytes.set(subjectKey, 4);
  return bytes.toString("latin1");
}

function keysOf(names: readonly string[]): Uint8Array {
  return Buffer.from(names.join(""), "latin1");
}
