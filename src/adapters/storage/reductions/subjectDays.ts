import type { SubjectKey, TenantId } from "../../../base/types/ids.ts";
import type { ImplausibleDayCode } from "../../../base/types/plausibility.ts";
import type { Reduction } from "../../../base/types/reduction.ts";
import type { DayAct, DayRules } from "../../../stages/plausibility/ports.ts";
import { lockSubjects } from "./admissionLock.ts";
import type { CopyRow } from "../engine/copyFormat.ts";
import type { Session } from "../engine/database.ts";
import { ACT_BYTES, decodeDayAct, encodeDayAct } from "./dayActs.ts";

const COLUMNS = { tenant: "text", day_subject: "bytea", act: "bytea" } as const;
/** int4 and the subject key. */
const KEY_BYTES = 36;

/** One subject's local day: all acts, and those among them that this transaction adds. */
interface SubjectDay {
  readonly name: string;
  readonly acts: DayAct[];
  readonly added: DayAct[];
}
/** An act with the days that it touches, its own first. */
interface PlacedAct {
  readonly act: DayAct;
  readonly own: SubjectDay;
  readonly further: readonly SubjectDay[];
}

/**
 * The days of the subjects of a chunk, inside the transaction that admits it. Knows the reductions that it
 * was loaded for, by identity.
 */
export class SubjectDays {
  readonly #rules: DayRules;
  readonly #days = new Map<string, SubjectDay>();
  readonly #placed = new Map<Reduction, PlacedAct>();

  private constructor(rules: DayRules, reductions: readonly Reduction[]) {
    this.#rules = rules;
    for (const reduction of reductions) this.#place(reduction);
  }

  /**
   * Reads the days that these acts touch. Other admissions of the tenant that name subjects wait from here to
   * the transaction's end.
   */
  static async load(
    tx: Session,
    tenant: TenantId,
    rules: DayRules,
    reductions: readonly Reduction[],
  ): Promise<SubjectDays> {
    await lockSubjects(tx, tenant);
    const loaded = new SubjectDays(rules, reductions);
    const days = [...loaded.#days.values()];
    // A statement of its own: it sees what was committed while the lock was waited for. One value instead of
    // one row each: handing over rows would cost more than finding them.
    const [stored] = await tx.query<{ found: Uint8Array | null }>(
      `SELECT string_agg(int4send(given.n) || known.act, ''::bytea) AS found
       FROM (SELECT n, substr($2::bytea, ${String(KEY_BYTES)} * n + 1, ${String(KEY_BYTES)}) AS key FROM generate_series(0, $3::integer - 1) AS n OFFSET 0) given
       CROSS JOIN LATERAL (SELECT d.act FROM subject_days d WHERE d.tenant = $1 AND d.day_subject = given.key OFFSET 0) known`,
      [tenant, bytesOf(days.map(({ name }) => name).join("")), days.length],
    );
    const found = stored?.found ?? new Uint8Array();
    const view = new DataView(found.buffer, found.byteOffset, found.length);
    for (let at = 0; at < found.length; at += 4 + ACT_BYTES)
      days[view.getInt32(at)]?.acts.push(decodeDayAct(view, at + 4));
    return loaded;
  }

  /**
   * Whether the subject has an act of this class and minute, and so, but for what was admitted without being
   * entered here, whether the activity key can be claimed already. True for an act that names nobody.
   */
  mayBeClaimed(reduction: Reduction): boolean {
    const placed = this.#placed.get(reduction);
    if (!placed) return true;
    const { act, own } = placed;
    return own.acts.some(
      (other) => other.scenarioClass === act.scenarioClass && minuteOf(other) === minuteOf(act),
    );
  }

  /**
   * Why an act can't be true beside those of its subject that are stored or kept, or null. An act that names
   * nobody is not judged.
   */
  judge(reduction: Reduction): ImplausibleDayCode | null {
    const placed = this.#placed.get(reduction);
    if (!placed) return null;
    const { act, own, further } = placed;
    return this.#rules.judge(act, own.acts, further.length === 0 ? [] : further.flatMap(({ acts }) => acts));
  }

  /** Counts an act that is admitted. */
  keep(reduction: Reduction): void {
    const placed = this.#placed.get(reduction);
    if (!placed) return;
    for (const day of [placed.own, ...placed.further]) {
      day.acts.push(placed.act);
      day.added.push(placed.act);
    }
  }

  /** Stores what was kept. */
  async save(tx: Session, tenant: TenantId): Promise<void> {
    const rows: CopyRow[] = [];
    for (const { name, added } of this.#days.values())
      for (const act of added) rows.push([tenant, bytesOf(name), encodeDayAct(act)]);
    await tx.copyIn("subject_days", COLUMNS, rows);
  }

  #place(reduction: Reduction): void {
    if (reduction.subjectKey === null) return;
    const { subjectKey } = reduction;
    const act = this.#rules.actOf(reduction);
    const days = this.#rules.daysOf(act).map((number) => {
      const name = dayName(number, subjectKey);
      let day = this.#days.get(name);
      if (!day) this.#days.set(name, (day = { name, acts: [], added: [] }));
      return day;
    });
    const [own, ...further] = days;
    if (own) this.#placed.set(reduction, { act, own, further });
  }
}

/** `subject_days.day_subject`, one character a byte, so that a Map can look it up. */
function dayName(day: number, subjectKey: SubjectKey): string {
  const bytes = Buffer.allocUnsafe(KEY_BYTES);
  bytes.writeInt32BE(day);
  bytes.set(subjectKey, 4);
  return bytes.toString("latin1");
}

/** Activity keys are made of the start's minute. */
const minuteOf = ({ startedAt }: DayAct): number => Math.floor(startedAt / 60);

function bytesOf(names: string): Uint8Array {
  return Buffer.from(names, "latin1");
}
