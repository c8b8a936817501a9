import type { Logger } from "pino";
import type { ArchiveFolder } from "../adapters/archive/archiveFolder.ts";
import type { ChainClient } from "../adapters/chain/client.ts";
import type { Sealer } from "../adapters/keys/sealing.ts";
import type { Database } from "../adapters/storage/engine/database.ts";
import type { Clock, Randomness } from "../base/lib/system.ts";
import type { Deployment } from "../base/types/deployment.ts";
import type { RegionCode, TenantId } from "../base/types/ids.ts";
import type { ClassLists } from "../format/batch/classes/classLists.ts";
import type { KeyServices } from "../stages/dedupe/ports.ts";
import type { OutboxStore, Signer } from "../stages/outbox/ports.ts";
import type { BoundsBook } from "../stages/plausibility/boundsBook.ts";
import type { RecognitionBook } from "../stages/recognition/recognitionBook.ts";
import type { MethodologyCatalogue } from "../stages/quantify/catalogue.ts";
import type { Config } from "./process/config.ts";

/** Everything that a service needs from outside, opened once and handed on. */
export interface Context {
  readonly config: Config;
  readonly log: Logger;
  readonly clock: Clock;
  readonly randomness: Randomness;
  readonly tenant: TenantId;
  readonly db: Database;
  readonly keys: KeyServices;
  /** Seals the secrets that webhooks are signed with. */
  readonly sealer: Sealer;
  readonly archive: ArchiveFolder;
  /** The methodology versions that count: those that ship and those published in this folder. */
  readonly methodologies: MethodologyCatalogue;
  /** The plausibility rules in force: those that ship and those published in this folder. */
  readonly plausibility: BoundsBook;
  /** Published rules by which authorities recognise one another's credits. */
  readonly recognition: RecognitionBook;
  /** The lists of scenario classes that batches are read by; the newest is the one they are closed with. */
  readonly classLists: ClassLists;
  /**
   * Takes up rules that were published, added or withdrawn since, by this process or another one. Whoever
   * begins to count, close or verify calls it first; what was handed out before stays as it was.
   */
  refreshRules(): Promise<void>;
  /**
   * True on the embedded chain and on local test networks: test methodologies and development keys are
   * allowed.
   */
  readonly local: boolean;
  /** The chain node, connected or started at the first call; one for all tenants. */
  node(): Promise<ChainNode>;
  /**
   * The chain as this tenant acts on it. Opened at the first call: deploys where nothing is deployed on the
   * embedded chain, settles the outbox.
   */
  chain(): Promise<ChainSide>;
  /**
   * The same for another tenant, entered where it is new. Its `close` ends what it did on the chain and
   * leaves database and node open.
   */
  forTenant(tenant: TenantId): Promise<Context>;
  close(): Promise<void>;
}

/** A chain node, connected or started by us. One serves all tenants of a process. */
export interface ChainNode {
  readonly client: ChainClient;
  /** True where the node is our own, with accounts and blocks at our command. */
  readonly embedded: boolean;
  close(): Promise<void>;
}

/** Who publishes rules, and of which regions; null: of all, which only the embedded chain's admin is. */
export interface Registrar {
  readonly signer: Signer;
  readonly regions: readonly RegionCode[] | null;
}

/** The chain, connected or started, with who signs and what stands on it. */
export interface ChainSide {
  readonly client: ChainClient;
  readonly deployment: Deployment;
  /** In a folder that has no operator's key: whoever else signs there. */
  readonly operator: Signer;
  /** Whose credits are retired: the holder's key where the settings name one, else the operator's. */
  readonly holder: Signer;
  /** The local network's own verifiers; empty on any other. */
  readonly verifiers: readonly Signer[];
  /** Registers participants and key schemes on the local network; null on any other. */
  readonly admin: Signer | null;
  /** Publishes and withdraws rules; null where the settings name nobody. */
  readonly registrar: Registrar | null;
  /** Holds roles of the network's access manager and is none of the others; null where nobody is named. */
  readonly authority: Signer | null;
  readonly outbox: OutboxStore;
  /** Sends what the outbox holds and advances our state as it becomes final. @throws as `settleOutbox` */
  settle(): Promise<void>;
  close(): Promise<void>;
}
