import { StateError } from "../../../base/errors/errors.ts";
import { fromHex } from "../../../base/lib/bytes.ts";
import type { TenantId } from "../../../base/types/ids.ts";
import type { Intent, OutboxEntry, OutboxStore } from "../../../stages/outbox/ports.ts";
import type { Session, SqlParameter } from "../engine/database.ts";
import { OUTBOX_COLUMNS, outboxEntry } from "./outboxRows.ts";
import type { OutboxRow } from "./outboxRows.ts";
import { isUniqueViolation } from "../engine/sqlState.ts";

/**
 * Inserts an intent in the transaction of the state change that wants it. Idempotent by key; an entry that
 * has failed is replaced by the new intent (fresh signatures, another deadline) and queued again.
 */
export async function enqueueIntent(tx: Session, tenant: TenantId, intent: Intent): Promise<void> {
  await tx.query(
    `INSERT INTO outbox (tenant, key, kind, from_address, to_address, data) VALUES ($1, $2, $3, $4, $5, $6)
     ON CONFLICT (tenant, key) DO UPDATE SET state = 'queued', from_address = excluded.from_address,
     to_address = excluded.to_address,
       data = excluded.data, nonce = NULL, raw = NULL, tx_hash = NULL, block_number = NULL, block_hash = NULL,
       failure = NULL
     WHERE outbox.state = 'failed'`,
    [
      tenant,
      intent.key,
      intent.kind,
      fromHex(intent.from, 20),
      intent.to === null ? null : fromHex(intent.to, 20),
      fromHex(intent.data),
    ],
  );
}

/**
 * The outbox port over a database, or over one transaction of it. Its marks throw StateError `outbox.step`
 * where the entry is unknown or in no state that the step can follow, and `outbox.nonce-taken` where another
 * live intent of the sender has the nonce. `markFinal` may follow any state but `failed`: an intent may be
 * recognised on chain before this store has seen it signed.
 */
export function outboxStore(db: Session, tenant: TenantId): OutboxStore {
  const select = async (rest: string, ...parameters: SqlParameter[]): Promise<OutboxEntry[]> => {
    const rows = await db.query<OutboxRow>(`SELECT ${OUTBOX_COLUMNS} FROM outbox WHERE tenant = $1 ${rest}`, [
      tenant,
      ...parameters,
    ]);
    return rows.map((row) => outboxEntry(row));
  };
  const step = async (
    key: string,
    name: string,
    after: readonly string[],
    set: string,
    ...values: SqlParameter[]
  ): Promise<void> => {
    const changed = await db.query(
      `UPDATE outbox SET ${set} WHERE tenant = $1 AND key = $2 AND state = ANY($3::text[]) RETURNING 1`,
      [tenant, key, after, ...values],
    );
    if (changed.length === 0) {
      throw new StateError(
        "outbox.step",
        `Intent ${key} can't become ${name}: it is unknown or not ${after.join(", ")}.`,
      );
    }
  };
  return {
    enqueue: (intent) => enqueueIntent(db, tenant, intent),
    find: async (key) => (await select("AND key = $2", key))[0] ?? null,
    unfinished: () => select("AND state IN ('queued', 'signed', 'mined') ORDER BY sequence"),
    highestNonce: async (from) => {
      const [row] = await db.query<{ nonce: bigint | null }>(
        "SELECT max(nonce) AS nonce FROM outbox WHERE tenant = $1 AND from_address = $2",
        [tenant, fromHex(from, 20)],
      );
      const nonce = row?.nonce ?? null;
      return nonce === null ? null : Number(nonce);
    },
    markSigned: async (key, { nonce, raw, txHash }) => {
      const set =
        "state = 'signed', nonce = $4, raw = $5, tx_hash = $6, block_number = NULL, block_hash = NULL";
      try {
        await step(
          key,
          "signed",
          ["queued", "signed", "mined"],
          set,
          nonce,
          fromHex(raw),
          fromHex(txHash, 32),
        );
      } catch (error) {
        if (!isUniqueViolation(error)) throw error;
        throw new StateError(
          "outbox.nonce-taken",
          `Nonce ${String(nonce)} belongs to another intent than ${key}. Take the next one.`,
        );
      }
    },
    markMined: (key, { number, hash }) =>
      step(
        key,
        "mined",
        ["queued", "signed", "mined"],
        "state = 'mined', block_number = $4, block_hash = $5",
        number,
        fromHex(hash, 32),
      ),
    markFinal: (key) => step(key, "final", ["queued", "signed", "mined", "final"], "state = 'final'"),
    markFailed: (key, failure) =>
      step(key, "failed", ["queued", "signed", "mined", "failed"], "state = 'failed', failure = $4", failure),
    finalNewestFirst: (limit) => select("AND state = 'final' ORDER BY sequence DESC LIMIT $2", limit),
    demote: async (keys) => {
      // An entry that was recognised on chain without ever being signed here has no bytes to send again: it
      // starts over.
      await db.query(
        `UPDATE outbox SET state = CASE WHEN raw IS NULL THEN 'queued'
         ELSE 'signed' END, block_number = NULL, block_hash = NULL
         WHERE tenant = $1 AND key = ANY($2::text[]) AND state IN ('mined', 'final')`,
        [tenant, keys],
      );
    },
  };
}
