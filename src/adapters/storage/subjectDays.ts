import type { SubjectKey, TenantId } from "../../base/types/ids.ts";
import type { ImplausibleDayCode } from "../../base/types/plausibility.ts";
import type { Reduction } from "../../base/types/reduction.ts";
import type { DayAct, DayRules } from "../../stages/plausibility/ports.ts";
import { lockSubjects } from "./admissionLock.ts";
import type { Session } from "./database.ts";
import { ACT_BYTES, decodeDayAct, encodeDayAct } from "./dayActs.ts";

const COLUMNS = { tenant: "text", day_subject: "bytea", act: "bytea" } as const;
/** int4 and the subject key. */
const KEY_BYTES = 36;

/** One subject's local day: all acts, and those among them that this transaction adds. */
interface SubjectDay {
  readonly acts: DayAct[];
  readonly added: DayAct[];
}

/** The days of the subjects of a chunk, inside the transaction that admits it. */
export class SubjectDays {
  readonly #rules: DayRules;
  readonly #days = new Map<string, SubjectDay>();

  private constructor(rules: DayRules) {
    this.#rules = rules;
  }

  /** Reads the days that the acts of these reductions touch. Other admissions of the tenant that name subjects wait from here to the transaction's end. */
  static async load(tx: Session, tenant: TenantId, rules: DayRules, reductions: readonly Reduction[]): Promise<SubjectDays> {
    await lockSubjects(tx, tenant);
    const days = new SubjectDays(rules);
    for (const reduction of reductions)
      for (const name of days.#namesOf(reduction, rules.actOf(reduction))) days.#days.set(name, { acts: [], added: [] });
    const names = [...days.#days.keys()].toSorted();
    // A statement of its own: it sees what was committed while the lock was waited for.
    // One value instead of one row each: handing over rows would cost more than finding them.
    const [stored] = await tx.query<{ found: Uint8Array | null }>(
      `SELECT string_agg(int4send(given.n) || known.act, ''::bytea) AS found
       FROM (SELECT n, substr($2::bytea, ${String(KEY_BYTES)} * n + 1, ${String(KEY_BYTES)}) AS key FROM generate_series(0, $3::integer - 1) AS n OFFSET 0) given
       CROSS JOIN LATERAL (SELECT d.act FROM subject_days d WHERE d.tenant = $1 AND d.day_subject = given.key OFFSET 0) known`,
      [tenant, bytesOf(names.join("")), names.length],
    );
    const found = stored?.found ?? new Uint8Array();
    const view = new DataView(found.buffer, found.byteOffset, found.length);
    for (let at = 0; at < found.length; at += 4 + ACT_BYTES)
      days.#days.get(names[view.getInt32(at)] as string)?.acts.push(decodeDayAct(view, at + 4));
    return days;
  }

  /**
   * Whether the subject has an act of this class and minute, and so, but for what was admitted without being entered here, whether the activity key
   * can be claimed already. True for an act that names nobody.
   */
  mayBeClaimed(reduction: Reduction): boolean {
    if (reduction.subjectKey === null) return true;
    const { scenarioClass, startedAt, day } = this.#rules.actOf(reduction);
    const acts = this.#days.get(dayName(day, reduction.subjectKey))?.acts ?? [];
    return acts.some((act) => act.scenarioClass === scenarioClass && minuteOf(act.startedAt) === minuteOf(startedAt));
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

  /** Stores what was kept. */
  async save(tx: Session, tenant: TenantId): Promise<void> {
    const rows = [...this.#days].flatMap(([name, { added }]) => added.map((act) => [tenant, bytesOf(name), encodeDayAct(act)] as const));
    await tx.copyIn("subject_days", COLUMNS, rows);
  }

  /** Its own day first. */
  #namesOf({ subjectKey }: Reduction, act: DayAct): string[] {
    return subjectKey === null ? [] : this.#rules.daysOf(act).map((day) => dayName(day, subjectKey));
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
const minuteOf = (startedAt: number): number => Math.floor(startedAt / 60);

function bytesOf(names: string): Uint8Array {
  return Buffer.from(names, "latin1");
}
