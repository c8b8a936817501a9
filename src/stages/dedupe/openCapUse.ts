import type { Milligrams } from "../../base/types/quantities.ts";
import type { CapAccount, CapKind } from "../../base/types/reduction.ts";
import { capAccounts } from "../../format/batch/methodologies/capAccounts.ts";
import type { CapCode, CapCounted, CapUse } from "./ports.ts";

/**
 * The accounts of days and years that these reductions count into; none where no methodology caps them. A
 * reduction counts on the local day and in the local year of its start.
 */
export function openCapUse(reductions: readonly CapCounted[]): CapUse {
  const opened = new OpenedCaps();
  for (const reduction of reductions) if (reduction.caps) opened.place(reduction);
  return opened;
}

/** One cap on a reduction and the place of the account that it is held against. */
interface PlacedCap {
  readonly place: number;
  readonly kind: CapKind;
  readonly most: Milligrams;
}

const NO_CAPS: readonly PlacedCap[] = [];

/**
 * What fits under all caps of a reduction counts, and uses up as much of each of them. What a version with a
 * higher cap used before may be more than a lower one gives: then it gives nothing, and takes nothing back.
 */
class OpenedCaps implements CapUse {
  readonly accounts: CapAccount[] = [];
  readonly added = new Map<number, bigint>();
  readonly #used: bigint[] = [];
  readonly #places = new Map<string, number>();
  readonly #caps = new Map<CapCounted, readonly PlacedCap[]>();

  place(reduction: CapCounted): void {
    this.#caps.set(reduction, this.#placed(reduction));
  }

  enter(of: number, milligrams: bigint): void {
    this.#used[of] = milligrams;
  }

  judge(reduction: CapCounted): Milligrams | CapCode {
    let left = reduction.milligrams;
    for (const { place, kind, most } of this.#of(reduction)) {
      const room = most - (this.#used[place] ?? 0n);
      if (room <= 0n) return `cap.${kind}`;
      if (room < left) left = room as Milligrams;
    }
    return left;
  }

  keep(reduction: CapCounted, milligrams: Milligrams): void {
    for (const { place } of this.#of(reduction)) {
      this.#used[place] = (this.#used[place] ?? 0n) + milligrams;
      this.added.set(place, (this.added.get(place) ?? 0n) + milligrams);
    }
  }

  #of(reduction: CapCounted): readonly PlacedCap[] {
    return this.#caps.get(reduction) ?? NO_CAPS;
  }

  #placed({ caps, subjectKey, day }: CapCounted): PlacedCap[] {
    if (!caps) return [];
    return capAccounts(caps, day, subjectKey).map(({ account, most }) => ({
      kind: account.kind,
      most,
      place: this.#open(account),
    }));
  }

  #open(account: CapAccount): number {
    const { methodology, kind, subjectKey: key, period } = account;
    const subject =
      key === null ? "" : Buffer.from(key.buffer, key.byteOffset, key.length).toString("latin1");
    const name = `${methodology} ${kind} ${String(period)} ${subject}`;
    let place = this.#places.get(name);
    if (place === undefined) {
      place = this.accounts.length;
      this.#places.set(name, place);
      this.accounts.push(account);
    }
    return place;
  }
}
