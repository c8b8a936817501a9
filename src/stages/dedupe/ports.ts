import type { FirmCode } from "../../base/types/firmCode.ts";
import type { ActivityKey, Hex, ProviderId, SubjectKey, TenantId } from "../../base/types/ids.ts";
import type { ImplausibleDayCode } from "../../base/types/plausibility.ts";
import type { Day, Milligrams } from "../../base/types/quantities.ts";
import {
  CAP_KINDS,
  type CapAccount,
  type CapKind,
  type Disposition,
  type Reduction,
} from "../../base/types/reduction.ts";

/**
 * Who acted, as the provider names them. Never stored, never logged: it goes to the key service and is
 * forgotten, at the latest when the file that names it is read.
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

/** Whose salt key: the subject's, or the provider's for its acts that name nobody. */
export type SaltHolder =
  { readonly subjectKey: SubjectKey } | { readonly subjectKey: null; readonly provider: ProviderId };

/** A salt key as it is stored, beside its holder. */
export type StoredSaltKey = SaltHolder & { readonly storedSaltKey: Uint8Array };

/** A leaf to be salted, under its holder's key. */
export type UnsaltedLeaf = StoredSaltKey & { readonly activityKey: ActivityKey };

/** The operator's own: what leaves are salted with. Returns in the order asked. */
export interface SaltKeyService {
  /**
   * A new salt key for each of these holders, as it is stored: of no use without the operator's own secret,
   * for any other holder, or once it is erased.
   */
  newSaltKeys(tenant: TenantId, holders: readonly SaltHolder[]): Promise<Uint8Array[]>;
  /**
   * Salts of a closing's leaves: HMAC-SHA-256 under the holder's salt key over the closing's id (32 bytes)
   * and the activity key. @throws CheckFailedError `keys.unseal` for a stored key that is not as it was made
   */
  leafSalts(
    closing: { readonly tenant: TenantId; readonly closingId: Uint8Array },
    leaves: readonly UnsaltedLeaf[],
  ): Promise<Uint8Array[]>;
}

/**
 * The registry's: one firm has one id, whoever admits its wallets, and nobody makes its code of it: the first
 * 16 bytes of the HMAC over the scheme ("LEI" or "USCC") and the code after it.
 */
export interface FirmKeyService {
  firmId(code: FirmCode): Promise<Hex>;
}

/** All of them, as an operator's process uses them. */
export interface KeyServices {
  readonly firms: FirmKeyService;
  readonly subjects: SubjectKeyService;
  readonly activities: ActivityKeyService;
  readonly salts: SaltKeyService;
}

/**
 * Why a record was recognised as one that is here already, in the order of the bytes that stand for them in
 * storage:
 * - `duplicate.record-id`: same provider and record id;
 * - `duplicate.same-content`: another record id, but the same provider, subject, scenario, start, end and
 *   quantity;
 * - `duplicate.activity-key`: same activity key claimed by another provider or under another methodology;
 * - `duplicate.closed`: same activity key in a batch that is closed already; a closed leaf can't grow.
 */
export const DUPLICATE_CODES = [
  "duplicate.record-id",
  "duplicate.same-content",
  "duplicate.activity-key",
  "duplicate.closed",
] as const;
export type DuplicateCode = (typeof DUPLICATE_CODES)[number];

/**
 * Why a record was refused for the sake of its asset and month, in the order of their bytes in storage:
 * - `claim.project-month`: a project counts the month, and no other project or act of that class counts on
 *   it;
 * - `claim.acts`: acts were admitted first that the project excludes on its assets;
 * - `claim.certificate`: a certificate of another registry stands for the energy;
 * - `project.above-count`: with it more installations report than the project is registered with;
 * - `project.above-capacity`: with it they come to more than the registered capacity gives in the month.
 */
export const CLAIM_CODES = [
  "claim.project-month",
  "claim.acts",
  "claim.certificate",
  "project.above-count",
  "project.above-capacity",
] as const;
export type ClaimCode = (typeof CLAIM_CODES)[number];

/**
 * Why nothing is left of an act, in the order of their bytes in storage: what was admitted before it has used
 * up a cap of its methodology on the subject's day, on the subject's year, or on everybody's year.
 */
export const CAP_CODES: readonly CapCode[] = CAP_KINDS.map((kind) => `cap.${kind}` as const);
export type CapCode = `cap.${CapKind}`;

export type AdmissionOutcome = "accepted" | DuplicateCode | ImplausibleDayCode | ClaimCode | CapCode;

/** A reduction with both of its keys as texts that a Map can look up. */
export interface NamedReduction {
  readonly reduction: Reduction;
  /** Provider and record id. */
  readonly record: string;
  /** The activity key. */
  readonly key: string;
}

/** What is known of a reduction that holds an activity key already. */
export interface KeyHolder {
  readonly provider: string;
  readonly methodologyId: Hex;
  readonly hasSubject: boolean;
  readonly scenario: string;
  readonly startedAt: number;
  readonly endedAt: number | null;
  readonly quantity: bigint;
  readonly unit: string;
  /** In a batch, or in one that is being closed. */
  readonly closed: boolean;
  /** Signed with a compromised key and open, so that nothing becomes of it. */
  readonly dropped: boolean;
}

/** What is stored of a chunk's keys already. */
export interface KnownKeys {
  /** Names of records (`NamedReduction.record`). */
  readonly records: ReadonlySet<string>;
  /** By key (`NamedReduction.key`), at least one each. */
  readonly holders: ReadonlyMap<string, readonly KeyHolder[]>;
}

/** Whether the record of an outcome is here once its chunk is admitted; any other may be here already. */
export type IsHereAfter = (outcome: AdmissionOutcome) => boolean;

/** Judges an act beside the others of its subject, those included that were kept before it. */
export interface ActJudge {
  judge(reduction: Reduction): ImplausibleDayCode | null;
  /** Counts an act that is admitted. */
  keep(reduction: Reduction): void;
}

/** Judges a reduction beside what else counts its asset in its month. */
export interface AssetJudge {
  judge(reduction: Reduction): ClaimCode | null;
  /** Enters the claim of a reduction that is admitted. */
  keep(reduction: Reduction): void;
}

/** Who counts an asset in a month, of one class; the class of certificates is empty. */
export interface AssetMonthClaim {
  /** Place in `AssetMonths.months`. */
  readonly of: number;
  readonly class: string;
  readonly side: "act" | "project" | "certificate";
  readonly claimant: string;
  readonly certified: bigint;
}

/** What a project's installations have come to in a month. */
export interface ProjectMonthSum {
  /** Place in `AssetMonths.projectMonths`. */
  readonly of: number;
  readonly installations: number;
  /** Millionths of the unit; nothing of a project whose capacity says nothing about a month. */
  readonly quantity: bigint;
}

/** The assets' months that a chunk touches, each once. What is stored of them is entered before judging. */
export interface AssetMonths extends AssetJudge {
  readonly months: readonly { readonly asset: Hex; readonly month: number }[];
  /** Claims that were kept and are to be stored. */
  readonly added: readonly AssetMonthClaim[];
  enter(claim: AssetMonthClaim): void;
  /** The months of projects that the chunk touches. */
  readonly projectMonths: readonly { readonly project: ProviderId; readonly month: number }[];
  /** By how much those that were kept raise them. */
  readonly raised: readonly ProjectMonthSum[];
  enterSum(sum: ProjectMonthSum): void;
}

export type OpenAssetMonths = (reductions: readonly Reduction[]) => AssetMonths;

/** What caps on days and years look at. */
export type CapCounted = Pick<Reduction, "caps" | "subjectKey" | "day" | "milligrams">;

/** Says what the caps on days and years leave of a reduction, beside those that were kept before it. */
export interface CapJudge {
  /** More than 0 and at most what it came to, or the cap that leaves nothing. */
  judge(reduction: CapCounted): Milligrams | CapCode;
  /** Uses up these milligrams of each of its caps. */
  keep(reduction: CapCounted, milligrams: Milligrams): void;
}

/** The accounts that a chunk touches, each once. What is stored of them is entered before judging. */
export interface CapUse extends CapJudge {
  readonly accounts: readonly CapAccount[];
  /** By place in `accounts`: milligrams that were kept and are to be stored. */
  readonly added: ReadonlyMap<number, bigint>;
  /** @param of place in `accounts` */
  enter(of: number, milligrams: bigint): void;
}

/** Knows the reductions that it was opened for, by identity. */
export type OpenCapUse = (reductions: readonly CapCounted[]) => CapUse;

/** A certificate of another registry for a meter's energy on some days, both inclusive. */
export interface Certificate {
  /** The other registry's id of it. */
  readonly id: string;
  /** Key of the meter. */
  readonly asset: Hex;
  readonly firstDay: Day;
  readonly lastDay: Day;
  /** Millionths of a kWh that it stands for, > 0. */
  readonly microKwh: bigint;
}

export interface CertificateSurroundings {
  /** The certificate of that id and meter that is here already, or null. */
  readonly standing: Pick<Certificate, "firstDay" | "lastDay" | "microKwh"> | null;
  /** Classes that acts or a project count on the meter in the months of the certificate. */
  readonly classes: readonly string[];
  /** Millionths of a kWh of the certificates that are here on the meter, in the month that has most. */
  readonly certified: bigint;
}

/**
 * - `repeated`: it is here already;
 * - `certificate.differs`: it is here with other days or another energy;
 * - `certificate.counted`: acts or a project that it would void or lower were admitted first;
 * - `certificate.sum`: with those that are here it is more energy in one month than is counted.
 */
export type CertificateOutcome =
  "added" | "repeated" | "certificate.differs" | "certificate.counted" | "certificate.sum";

export type DecideCertificate = (
  certificate: Certificate,
  around: CertificateSurroundings,
) => CertificateOutcome;

/** How many of a chunk came to what; accepted + implausible + all duplicates = reductions given. */
export interface AdmissionCounts {
  readonly accepted: number;
  /**
   * All that is refused and no duplicate, though the name tells one kind of them only: beside the other acts
   * of their subject, beside other claims on their asset or above what its project is registered with, or
   * because a cap left nothing. Outcomes say which; the sum is stored under this name.
   */
  readonly implausible: number;
  readonly duplicates: Readonly<Record<DuplicateCode, number>>;
  /** Milligrams of the accepted ones. */
  readonly milligrams: bigint;
}

/** What is to be done about a chunk. */
export interface AdmissionDecision {
  /** In the order given. */
  readonly outcomes: AdmissionOutcome[];
  readonly accepted: Reduction[];
  /** By place in the chunk: what the caps left of accepted ones that came to more. */
  readonly cuts: ReadonlyMap<number, Milligrams>;
  readonly counts: AdmissionCounts;
}

/**
 * Decides a whole chunk inside the transaction that admits it. `acts` null: no act is judged; `assets` null:
 * none names an asset; `caps` null: no methodology caps a day or a year.
 */
export type DecideAdmission = (
  chunk: readonly NamedReduction[],
  known: KnownKeys,
  acts: ActJudge | null,
  assets?: AssetJudge | null,
  caps?: CapJudge | null,
) => AdmissionDecision;

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
  /** As in `AdmissionCounts`. */
  readonly implausible: number;
  readonly duplicate: number;
  /** Milligrams of the accepted ones. */
  readonly milligrams: bigint;
  readonly duplicateReasons: Readonly<Partial<Record<DuplicateCode, number>>>;
}

/** Where an ingest stands as a chunk of it comes. */
export interface IngestStanding {
  readonly finished: boolean;
  /** How many chunks are stored. */
  readonly chunks: number;
  /** The chain digest of the chunk that is stored under this one's number; null where there is none. */
  readonly storedDigest: Uint8Array | null;
}

/**
 * Decides whether a chunk is the `next` one of its ingest or is `stored` already; throws where it may be
 * neither. `reductions` says how many are to be admitted.
 */
export type DecideChunk = (
  progress: ChunkProgress,
  reductions: number,
  standing: IngestStanding,
) => "next" | "stored";

/** A record by its provider's own id. */
export interface RecordReference {
  readonly provider: ProviderId;
  readonly recordId: string;
}

/** Gives records another disposition. */
export interface DispositionOrder {
  readonly from: Disposition;
  readonly to: Disposition;
  readonly records: readonly RecordReference[];
  /** Why, for the ledger, e.g. `redemption 7`. No personal data. */
  readonly reference: string;
}

/**
 * Throws unless an order may be carried out. `found`: how many of its records are `from` and not signed by a
 * key that was compromised before they came.
 */
export type CheckDispositionOrder = (order: DispositionOrder, found: number) => void;
