import { toHex } from "../../../base/lib/bytes.ts";
import type { Hex } from "../../../base/types/ids.ts";
import type { IntentState, OutboxEntry } from "../../../stages/outbox/ports.ts";

export const OUTBOX_COLUMNS = `sequence, key, kind, from_address, to_address, data, state, nonce, raw,
  tx_hash, block_number, block_hash, failure`;

export interface OutboxRow {
  readonly sequence: bigint;
  readonly key: string;
  readonly kind: string;
  readonly from_address: Uint8Array;
  readonly to_address: Uint8Array | null;
  readonly data: Uint8Array;
  readonly state: IntentState;
  readonly nonce: bigint | null;
  readonly raw: Uint8Array | null;
  readonly tx_hash: Uint8Array | null;
  readonly block_number: bigint | null;
  readonly block_hash: Uint8Array | null;
  readonly failure: string | null;
}

/** Addresses come back in lower case. */
export function outboxEntry(row: OutboxRow): OutboxEntry {
  return {
    sequence: Number(row.sequence),
    key: row.key,
    kind: row.kind,
    from: toHex(row.from_address),
    to: hexOrNull(row.to_address),
    data: toHex(row.data),
    state: row.state,
    nonce: row.nonce === null ? null : Number(row.nonce),
    raw: hexOrNull(row.raw),
    txHash: hexOrNull(row.tx_hash),
    blockNumber: row.block_number,
    blockHash: hexOrNull(row.block_hash),
    failure: row.failure,
  };
}

function hexOrNull(bytes: Uint8Array | null): Hex | null {
  return bytes === null ? null : toHex(bytes);
}
