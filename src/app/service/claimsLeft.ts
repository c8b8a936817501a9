import { releaseIdempotencyKey } from "../../adapters/storage/service/idempotencyKeys.ts";
import type { TenantId } from "../../base/types/ids.ts";
import type { Context } from "../context.ts";

/** An attempt's claim on a tenant's idempotency key. */
export interface HeldClaim {
  readonly tenant: TenantId;
  readonly key: string;
  readonly attempt: Uint8Array;
}

const AGAIN_MILLISECONDS = 1_000;
/** Longer than a claim's lease, after which anybody may take it over. */
const GIVE_UP_MILLISECONDS = 60_000;

/**
 * Claims of this process that the database was not there to release: nothing runs under them, and until they
 * are gone whoever sends such a request again is told that it runs. They are released as soon as the
 * database is back, at the latest with the next request that claims a key.
 */
class ClaimsLeft {
  readonly #db: Context["db"];
  /** With the time at which nobody needs the release any more. */
  readonly #left = new Map<HeldClaim, number>();
  #isWaiting = false;

  constructor(db: Context["db"]) {
    this.#db = db;
  }

  /** Releases a claim, now or when the database is back. */
  async release(claim: HeldClaim): Promise<void> {
    this.#left.set(claim, performance.now() + GIVE_UP_MILLISECONDS);
    await this.catchUp().catch(() => undefined);
  }

  /** Releases what is left. @throws UnavailableError of the database */
  async catchUp(): Promise<void> {
    try {
      for (const [claim, until] of this.#left) {
        if (performance.now() <= until)
          await releaseIdempotencyKey(this.#db, claim.tenant, claim.key, claim.attempt);
        this.#left.delete(claim);
      }
    } finally {
      if (this.#left.size > 0 && !this.#isWaiting) {
        this.#isWaiting = true;
        setTimeout(() => {
          this.#isWaiting = false;
          this.catchUp().catch(() => undefined);
        }, AGAIN_MILLISECONDS).unref();
      }
    }
  }
}

const ofDatabase = new WeakMap<Context["db"], ClaimsLeft>();

/** Those of the process that has this database open. */
export function claimsLeft(db: Context["db"]): ClaimsLeft {
  const known = ofDatabase.get(db) ?? new ClaimsLeft(db);
  ofDatabase.set(db, known);
  return known;
}
