import type { ActivityKey, Hex, SubjectKey } from "../../base/types/ids.ts";
import type { ImplausibleDayCode } from "../../base/types/plausibility.ts";

/**
 * Who acted, as the provider names them. Never stored, never logged: it goes to the key service and is
 * forgotten.
 */
export interface SubjectIdentifier {
  /**
   * Identifiers are comparable inside one scope: `deployment` where all platforms use the same kind, else the
   * provider's id.
   */
  readonly scope: string;
  /** Normalised: NFC, trimmed. */
  readonly identifier: string;
}

/** One act, ready to be keyed. `message` as in the batch format, "Keys". */
export interface ActivityMessage {
  /** UTC year of the act's start minute: it chooses the key. */
  readonly year: number;
  readonly message: Uint8Array;
}

/** Public commitments to the keys of one UTC year. */
export interface KeySchemeEntry {
  readonly year: number;
  readonly subject: Hex;
  readonly dedupe: Hex;
}

/** The platform's side: who acted becomes a pseudonym. Returns in the order asked. */
export interface SubjectKeyService {
  subjectKeys(identifiers: readonly SubjectIdentifier[]): Promise<SubjectKey[]>;
}

/**
 * One service per registry, which alone holds the secrets: operators and verifiers send messages in bulk.
 * Returns in the order asked.
 */
export interface ActivityKeyService {
  activityKeys(messages: readonly ActivityMessage[]): Promise<ActivityKey[]>;
  /** Public commitments to the keys of these UTC years, ascending, each year once. */
  keyScheme(years: readonly number[]): Promise<KeySchemeEntry[]>;
}

/** The operator's own: what leaves are salted with. Returns in the order asked. */
export interface SaltKeyService {
  /** 32 fresh random bytes sealed under the operator's own secret: a subject's salt key as it is stored. */
  newSaltKey(): Promise<Uint8Array>;
  /** Salts of leaves: HMAC under the unsealed salt key over the closing's id and the activity key. */
  leafSalts(requests: readonly LeafSaltRequest[]): Promise<Uint8Array[]>;
}

/** All three, as an operator's process uses them. */
export interface KeyServices {
  readonly subjects: SubjectKeyService;
  readonly activities: ActivityKeyService;
  readonly salts: SaltKeyService;
}
export interface LeafSaltRequest {
  readonly sealedSaltKey: Uint8Array;
  readonly closingId: Uint8Array;
  readonly activityKey: ActivityKey;
}

/** Why a record was recognised as one that is here already. */
export type DuplicateCode =
  /** Same provider and record id. */
  | "duplicate.record-id"
  /** Another record id, but the same provider, subject, scenario, start, end and quantity. */
  | "duplicate.same-content"
  /** Same activity key claimed by another provider or under another methodology. */
  | "duplicate.activity-key"
  /** Same activity key in a batch that is closed already; a closed leaf can't grow. */
  | "duplicate.closed";

export type AdmissionOutcome = "accepted" | DuplicateCode | ImplausibleDayCode;

/** Progress of one chunk of an ingest, written in the same transaction as its reductions. */
export interface ChunkProgress {
  readonly ingestId: string;
  /** 0, 1, 2, … within the ingest. */
  readonly chunk: number;
  /** Rolling SHA-256 over the raw rows read so far: how a restarted run knows that it reads the same file. */
  readonly chainDigest: Uint8Array;
  readonly rowsRead: number;
  readonly rejected: number;
}

/** What a finished chunk came to. */
export interface ChunkResult {
  readonly chunk: number;
  readonly chainDigest: Uint8Array;
  readonly rowsRead: number;
  readonly accepted: number;
  readonly rejected: number;
  /** Refused beside the other acts of their subject. */
  readonly implausible: number;
  readonly duplicate: number;
  /** Milligrams of the accepted ones. */
  readonly milligrams: bigint;
  readonly duplicateReasons: Readonly<Partial<Record<DuplicateCode, number>>>;
}
