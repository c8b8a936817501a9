import type { Milligrams } from "../../../../../src/base/types/quantities.ts";
import type { PeriodCaps, Reduction } from "../../../../../src/base/types/reduction.ts";

/** An act that counted, with what it counted for. */
interface Kept {
  readonly reduction: Reduction;
  readonly milligrams: bigint;
}

/**
 * Caps written down once more, without accounts: what is used is added up anew for each act out of a list of
 * all that counted before.
 */
export class PlainCaps {
  readonly kept: Kept[] = [];

  /** What an act earns, 0n where a cap is used up; then it is not kept. */
  take(reduction: Reduction): bigint {
    const { caps, milligrams } = reduction;
    const rooms = caps === undefined ? [] : this.#rooms(reduction, caps);
    const left = rooms.reduce((least, room) => (room < least ? room : least), milligrams as bigint);
    if (left <= 0n) return 0n;
    this.kept.push({ reduction, milligrams: left });
    return left;
  }

  #rooms(reduction: Reduction, caps: PeriodCaps): bigint[] {
    const year = yearOf(reduction);
    const isMine = (other: Reduction): boolean =>
      String(other.subjectKey) === String(reduction.subjectKey) && yearOf(other) === year;
    return [
      room(
        caps.subjectDay,
        this.#sum(reduction, "subjectDay", (o) => isMine(o) && o.day === reduction.day),
      ),
      room(caps.subjectYear, this.#sum(reduction, "subjectYear", isMine)),
      room(
        caps.programmeYear,
        this.#sum(reduction, "programmeYear", (o) => yearOf(o) === year),
      ),
    ].flatMap((one) => one ?? []);
  }

  /** Of acts of the same methodology, as far as their own versions have this cap. */
  #sum({ caps }: Reduction, name: CapName, counts: (other: Reduction) => boolean): bigint {
    return this.kept.reduce(
      (sum, { reduction: other, milligrams }) =>
        other.caps?.methodology === caps?.methodology && other.caps?.[name] !== null && counts(other)
          ? sum + milligrams
          : sum,
      0n,
    );
  }
}

type CapName = "subjectDay" | "subjectYear" | "programmeYear";

const room = (most: Milligrams | null, used: bigint): bigint | null => (most === null ? null : most - used);

function yearOf({ day }: Reduction): string {
  return new Date(day * 86_400_000).toISOString().slice(0, 4);
}
