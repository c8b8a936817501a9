import { LimitError } from "../../base/errors/errors.ts";
import type { TenantId } from "../../base/types/ids.ts";

/** How much of something each tenant may have at a time: bytes of bodies, streams that are open. */
export class TenantShares {
  readonly #most: number;
  readonly #refusal: { readonly code: string; readonly sentence: string };
  readonly #taken = new Map<TenantId, number>();

  /** @param refusal `limit.…`, and what to do */
  constructor(most: number, refusal: { readonly code: string; readonly sentence: string }) {
    this.#most = most;
    this.#refusal = refusal;
  }

  /** Takes so much, until `give`. @throws LimitError with the code of the refusal */
  take(tenant: TenantId, amount: number): void {
    const taken = (this.#taken.get(tenant) ?? 0) + amount;
    if (taken > this.#most) throw new LimitError(this.#refusal.code, this.#refusal.sentence);
    this.#taken.set(tenant, taken);
  }

  give(tenant: TenantId, amount: number): void {
    const left = (this.#taken.get(tenant) ?? 0) - amount;
    if (left > 0) this.#taken.set(tenant, left);
    else this.#taken.delete(tenant);
  }
}
