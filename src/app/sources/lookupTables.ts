import { LimitError } from "../../base/errors/errors.ts";
import { Semaphore } from "../../base/lib/semaphore.ts";
import { MIB } from "../../base/lib/sizes.ts";
import type { HeldTable, LookupCaps } from "../../stages/ingest/map/loadJoins.ts";
import type { LookupTable } from "../../stages/ingest/map/loadTable.ts";

/**
 * What the tables of one profile may come to in a service, which has many tenants' in one heap. A tenant has
 * one file read at a time.
 */
export const SERVICE_LOOKUP_CAPS: LookupCaps = {
  lookupRows: 300_000,
  lookupBytes: 64 * MIB,
  lookupHeldBytes: 96 * MIB,
};
/** All tables in memory, in use or not, and the one that is being loaded. */
const MAX_BYTES = 3 * SERVICE_LOOKUP_CAPS.lookupHeldBytes;
/** Those that nobody uses at the moment. */
const MAX_IDLE_BYTES = SERVICE_LOOKUP_CAPS.lookupHeldBytes;

interface Kept {
  readonly table: LookupTable;
  users: number;
}

/**
 * Lookup tables in a process's memory: one load for all who want the same one, one load at a time, and all
 * of them within a bound, whoever they belong to. Those that are not in use go first, the longest unused
 * before others.
 */
export class LookupTables {
  /** The longest unused first. */
  readonly #kept = new Map<string, Kept>();
  readonly #loads = new Semaphore(1);

  /**
   * The table of a key, in use until `leave`.
   * @param load loads it, and names the key of what it found
   * @throws UnavailableError `limit.lookups` where tables in use leave no room for another; as `load`
   */
  async take(key: string, load: () => Promise<{ key: string; table: LookupTable }>): Promise<HeldTable> {
    return (
      this.#use(key) ??
      (await this.#loads.take(async () => {
        // Whoever waited before may have loaded it.
        const loaded = this.#use(key);
        if (loaded) return loaded;
        this.#makeRoom();
        const found = await load();
        // What was put under the same key before may be in use: those who use it keep it alive.
        return this.#use(found.key) ?? this.#enter(found.key, { table: found.table, users: 0 });
      }))
    );
  }

  /** About how many bytes of memory all tables take. */
  get bytes(): number {
    return sum(this.#kept.values());
  }

  #use(key: string): HeldTable | null {
    const kept = this.#kept.get(key);
    return kept ? this.#enter(key, kept) : null;
  }

  #enter(key: string, kept: Kept): HeldTable {
    this.#kept.delete(key);
    this.#kept.set(key, kept);
    kept.users += 1;
    let isLeft = false;
    const leave = (): void => {
      if (isLeft) return;
      isLeft = true;
      kept.users -= 1;
      this.#dropIdle(() => sum(this.#idle()) > MAX_IDLE_BYTES);
    };
    return { table: kept.table, leave };
  }

  /** Room for the largest table that one may load. */
  #makeRoom(): void {
    const isFull = (): boolean => this.bytes + SERVICE_LOOKUP_CAPS.lookupHeldBytes > MAX_BYTES;
    this.#dropIdle(isFull);
    if (isFull())
      throw new LimitError(
        "limit.lookups",
        "The lookup tables of files that are being read leave no room for those of another one. Send it " +
          "again in a while.",
      );
  }

  *#idle(): Iterable<Kept> {
    for (const kept of this.#kept.values()) if (kept.users === 0) yield kept;
  }

  #dropIdle(isTooMuch: () => boolean): void {
    for (const [key, { users }] of this.#kept) {
      if (!isTooMuch()) return;
      if (users === 0) this.#kept.delete(key);
    }
  }
}

function sum(kept: Iterable<Kept>): number {
  let bytes = 0;
  for (const { table } of kept) bytes += table.size.heldBytes;
  return bytes;
}
