import { hkdfSync } from "node:crypto";
import { bigEndian, concatBytes, utf8 } from "../../base/lib/bytes.ts";
import type { TenantId } from "../../base/types/ids.ts";
import { HMAC_BYTES, HmacBatch } from "../../format/hmacBatch.ts";
import type { SaltHolder } from "../../stages/dedupe/ports.ts";

/** First byte of a stored row, so that another way of deriving can be told from this one. */
const FORM = 0x02;
export const NONCE_BYTES = 32;
const CHECK_BYTES = 16;
const ROW_BYTES = 1 + NONCE_BYTES + CHECK_BYTES;
const [SUBJECT, PROVIDER] = [0x01, 0x02];

/**
 * Salt keys that are derived, not stored. What is stored of one is 49 bytes: 02, 32 random bytes (the nonce),
 * 16 bytes by which a row that was altered, moved to another holder or made under another secret is told. The
 * key is HMAC-SHA-256 of nonce, tenant and holder under a key of its own that comes of the operator's secret
 * (HKDF-SHA-256); the check is the same under a second one. Without the nonce nobody has the key again, and
 * without the secret a nonce says nothing (docs/design/salt-keys.md).
 */
export class DerivedSaltKeys {
  readonly #keys: HmacBatch;
  readonly #checks: HmacBatch;

  /** @param secret 32 bytes from the operator's data folder */
  constructor(secret: Uint8Array) {
    this.#keys = keyedFor(secret, "microtonne/salt-key/2/key");
    this.#checks = keyedFor(secret, "microtonne/salt-key/2/check");
  }

  /** Whether a stored row has this form. */
  static isRow(row: Uint8Array): boolean {
    return row.length === ROW_BYTES && row[0] === FORM;
  }

  /** What is stored for these holders; `nonces` are 32 random bytes each, one after the other. */
  rows(tenant: TenantId, holders: readonly SaltHolder[], nonces: Uint8Array): Uint8Array[] {
    const each = holders.map((_, i) => nonces.subarray(NONCE_BYTES * i, NONCE_BYTES * (i + 1)));
    const { messages, ends } = messagesOf(tenant, holders, each);
    const checks = this.#checks.each(messages, ends);
    return each.map((nonce, i) => {
      const row = new Uint8Array(ROW_BYTES);
      row[0] = FORM;
      row.set(nonce, 1);
      row.set(checks.subarray(HMAC_BYTES * i, HMAC_BYTES * i + CHECK_BYTES), 1 + NONCE_BYTES);
      return row;
    });
  }

  /** The keys behind rows, 32 bytes each one after the other; null where one row's check is another. */
  keysOf(tenant: TenantId, holders: readonly SaltHolder[], rows: readonly Uint8Array[]): Uint8Array | null {
    const nonces = rows.map((row) => row.subarray(1, 1 + NONCE_BYTES));
    const { messages, ends } = messagesOf(tenant, holders, nonces);
    const checks = this.#checks.each(messages, ends);
    let differing = 0;
    for (let i = 0; i < rows.length; i++) {
      const row = rows[i] as Uint8Array;
      for (let at = 0; at < CHECK_BYTES; at++)
        differing |= (checks[HMAC_BYTES * i + at] as number) ^ (row[1 + NONCE_BYTES + at] as number);
    }
    return differing === 0 ? this.#keys.each(messages, ends) : null;
  }
}

function keyedFor(secret: Uint8Array, purpose: string): HmacBatch {
  const key = new Uint8Array(hkdfSync("sha256", secret, new Uint8Array(0), utf8(purpose), 32));
  const batch = new HmacBatch(key);
  key.fill(0);
  return batch;
}

/** Nonce, length of the tenant's id (uint16), id, 01 and subject key or 02 and provider's id. */
function messagesOf(
  tenant: TenantId,
  holders: readonly SaltHolder[],
  nonces: readonly Uint8Array[],
): { readonly messages: Uint8Array; readonly ends: number[] } {
  const id = utf8(tenant);
  const context = concatBytes(bigEndian(id.length, 2), id);
  const owners = holders.map((holder) =>
    holder.subjectKey === null ? utf8(holder.provider) : holder.subjectKey,
  );
  const fixed = NONCE_BYTES + context.length + 1;
  const messages = new Uint8Array(owners.reduce((sum, { length }) => sum + fixed + length, 0));
  let at = 0;
  const ends = owners.map((owner, i) => {
    messages.set(nonces[i] as Uint8Array, at);
    messages.set(context, at + NONCE_BYTES);
    messages[at + fixed - 1] = holders[i]?.subjectKey === null ? PROVIDER : SUBJECT;
    messages.set(owner, at + fixed);
    return (at += fixed + owner.length);
  });
  return { messages, ends };
}
