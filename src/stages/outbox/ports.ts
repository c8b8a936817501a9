import type { Address, Hex } from "../../base/types/ids.ts";

/** A write to the chain that must happen exactly once. */
export interface Intent {
  /** Idempotency key, e.g. `commit:0x…`. */
  readonly key: string;
  /**
   * Chooses the check that recognises it on chain after a replay: `deploy`, `appoint`,
   * `methodology`, `methodology-withdrawn`, `rules`, `key-scheme`, `schedule`, `role`, `commit`,
   * `mint`, `retire`.
   */
  readonly kind: string;
  readonly from: Address;
  /** Null creates a contract. */
  readonly to: Address | null;
  readonly data: Hex;
}

/**
 * `queued` → `signed` (raw bytes stored, may have been sent) → `mined` → `final`; `failed` says why and
 * blocks what follows from the same sender.
 */
export type IntentState = "queued" | "signed" | "mined" | "final" | "failed";

export interface OutboxEntry extends Intent {
  /** Order of enqueueing. */
  readonly sequence: number;
  readonly state: IntentState;
  readonly nonce: number | null;
  readonly raw: Hex | null;
  readonly txHash: Hex | null;
  readonly blockNumber: bigint | null;
  readonly blockHash: Hex | null;
  readonly failure: string | null;
}

/** The outbox's rows. Each call is one transaction; the sequence of calls is safe to cut anywhere. */
export interface OutboxStore {
  /** Idempotent by key; an entry that has failed is replaced by the new intent and queued again. */
  enqueue(intent: Intent): Promise<void>;
  find(key: string): Promise<OutboxEntry | null>;
  /** All that are neither final nor failed, by sequence. */
  unfinished(): Promise<OutboxEntry[]>;
  /** The highest nonce stored for a sender, or null. */
  highestNonce(from: Address): Promise<number | null>;
  markSigned(key: string, signed: { nonce: number; raw: Hex; txHash: Hex }): Promise<void>;
  markMined(key: string, block: { number: bigint; hash: Hex }): Promise<void>;
  markFinal(key: string): Promise<void>;
  markFailed(key: string, failure: string): Promise<void>;
  /** Final entries, newest first: the chain is checked against them at start. */
  finalNewestFirst(limit: number): Promise<OutboxEntry[]>;
  /** The chain lost these (reorg, lost state): back to `signed`, same raw bytes. */
  demote(keys: readonly string[]): Promise<void>;
}

/** A plain value of a call, or of the chain's state. */
export type Term = bigint | number | string | boolean;

/** Whether the chain has something under an intent's id. */
export interface ChainPresence {
  readonly isThere: boolean;
}

/**
 * What the chain shows of an intent: its presence, where that is enough to know; else what the intent asks
 * for, beside what the chain shows, by the same names.
 */
export type ChainEffect =
  | ChainPresence
  | {
      /** At least one term: an effect without terms has not landed. */
      readonly planned: Readonly<Record<string, Term>>;
      readonly shown: Readonly<Record<string, Term>>;
    };

/** Whether the chain shows what an intent is for, by whichever transaction. */
export type HasLanded = (effect: ChainEffect) => boolean;

/** Signs for one account: with a key in this process, or by a service that keeps it. */
export interface Signer {
  readonly address: Address;
  /** Signs a transaction request given as plain fields; returns the raw bytes. */
  signTransaction(transaction: TransactionFields): Promise<Hex>;
  /**
   * 65-byte signature (r, s, v of 27 or 28) over keccak-256 of these bytes: EIP-712 begins them with 0x1901,
   * a personal message with its prefix. The bytes and not their hash, since services that keep keys hash
   * themselves and see what they sign.
   */
  signKeccakOf(message: Hex): Promise<Hex>;
}
export interface TransactionFields {
  readonly chainId: number;
  readonly nonce: number;
  readonly to: Address | null;
  readonly data: Hex;
  readonly gas: bigint;
  readonly maxFeePerGas: bigint;
  readonly maxPriorityFeePerGas: bigint;
}
