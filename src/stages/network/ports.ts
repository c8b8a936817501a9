import type { Address, Hex } from "../../base/types/ids.ts";
import type { ParticipantKind } from "../../base/types/participantKinds.ts";
import type { UnixSeconds } from "../../base/types/quantities.ts";

/** What an account is appointed on. */
export interface ParticipantTerms {
  readonly account: Address;
  readonly kinds: readonly ParticipantKind[];
  /** ISO 3166-1 alpha-2. */
  readonly country: string;
  /** Null for none. */
  readonly expiry: UnixSeconds | null;
  /** Keyed hash of the code (LEI, USCC) of the firm whose wallet it is, 16 bytes; 0 for none. */
  readonly firmId: Hex;
  /** Bit n - 1 stands for verifier set n; none where it is missing. */
  readonly verifierSets?: number;
}

/** A participant as a network's registry has it. */
export interface ChainParticipant {
  /** Lower case. */
  readonly account: Address;
  readonly status: "none" | "active" | "suspended" | "recovered" | "barred" | "recovering" | "unknown";
  /** In the order of their list. */
  readonly kinds: readonly ParticipantKind[];
  /** ISO 3166-1 alpha-2. */
  readonly country: string;
  /** Null for none. */
  readonly expiry: UnixSeconds | null;
  /** Whose wallet it is: one firm has one id, whoever admitted the wallet; 16 bytes, 0 for none. */
  readonly firmId: Hex;
}

/** A role of the access manager, and who holds it now. */
export interface RoleHolders {
  readonly name: string;
  readonly members: readonly Address[];
}

/** Something that a network needs before a gram can go its way there. */
export interface NetworkNeed {
  readonly what: string;
  readonly isMet: boolean;
  /** What is there: accounts, counts. */
  readonly found: string;
  /** Who does what is missing: a role of the access manager, and its members. */
  readonly role: string;
  readonly members: readonly Address[];
  /** The command that does it. */
  readonly command: string;
}
