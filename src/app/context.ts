import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { Logger } from "pino";
import { archiveFolder, type ArchiveFolder } from "../adapters/archive/folder.ts";
import { hmacDevKeyService } from "../adapters/keys/hmacDev.ts";
import { sealer, type Sealer } from "../adapters/keys/sealing.ts";
import type { Database } from "../adapters/storage/engine/database.ts";
import { migrate } from "../adapters/storage/engine/migrate.ts";
import { openPglite } from "../adapters/storage/engine/pglite.ts";
import { openPostgres } from "../adapters/storage/engine/postgres.ts";
import { ensureTenant } from "../adapters/storage/service/ensureTenant.ts";
import type { Clock, Randomness } from "../base/lib/system.ts";
import type { TenantId } from "../base/types/ids.ts";
import type { KeyService } from "../stages/dedupe/ports.ts";
import { BoundsBook } from "../stages/plausibility/bounds.ts";
import { shippedPlausibility } from "../stages/plausibility/shippedRules.ts";
import { MethodologyCatalogue } from "../stages/quantify/catalogue.ts";
import { shippedMethodologies } from "../stages/quantify/shippedMethodologies.ts";
import { LOCAL_CHAIN_ID, type Config } from "./process/config.ts";
import { ensureSecret } from "./process/ensureSecret.ts";
import { openChain, type ChainSide } from "./chain/openChain.ts";
import { openNode, type ChainNode } from "./chain/openNode.ts";

/** Everything that a service needs from outside, opened once and handed on. */
export interface Context {
  readonly config: Config;
  readonly log: Logger;
  readonly clock: Clock;
  readonly randomness: Randomness;
  readonly tenant: TenantId;
  readonly db: Database;
  readonly keys: KeyService;
  /** Seals the secrets that webhooks are signed with. */
  readonly sealer: Sealer;
  readonly archive: ArchiveFolder;
  /** The shipped methodology versions. */
  readonly methodologies: MethodologyCatalogue;
  /** The shipped plausibility rules. */
  readonly plausibility: BoundsBook;
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

/**
 * @throws UnavailableError `storage.locked` where another process works on the folder, or as database and
 * chain
 */
export async function openContext(outside: {
  config: Config;
  log: Logger;
  clock: Clock;
  randomness: Randomness;
}): Promise<Context> {
  const { config, randomness } = outside;
  await mkdir(config.folder, { recursive: true, mode: 0o700 });
  const db =
    config.databaseUrl === null
      ? await openPglite(join(config.folder, "db"))
      : await openPostgres(config.databaseUrl);
  try {
    await migrate(db);
    await ensureTenant(db, config.tenant);
    const sealingSecret = await ensureSecret(join(config.folder, "keys", "sealing.key"), randomness);
    const keys = hmacDevKeyService({ chainId: config.chain.chainId, sealingSecret, randomness });
    const local = config.chain.chainId === LOCAL_CHAIN_ID;
    let node: Promise<ChainNode> | null = null;
    const shared = {
      ...outside,
      db,
      keys,
      sealer: sealer(sealingSecret, "webhooks", randomness),
      archive: archiveFolder(join(config.folder, "archive")),
      methodologies: new MethodologyCatalogue(shippedMethodologies(), { refuseTestMethodologies: !local }),
      plausibility: new BoundsBook(shippedPlausibility()),
      local,
      node: () => (node ??= openNode(config)),
    };
    const contextOf = (tenant: TenantId, closeShared: () => Promise<void>): Context => {
      let chain: Promise<ChainSide> | null = null;
      const context: Context = {
        ...shared,
        tenant,
        chain: () => (chain ??= openChain(context)),
        async forTenant(other) {
          await ensureTenant(db, other);
          return contextOf(other, () => Promise.resolve());
        },
        async close() {
          try {
            if (chain) await (await chain.catch(() => null))?.close();
          } finally {
            await closeShared();
          }
        },
      };
      return context;
    };
    return contextOf(config.tenant, async () => {
      try {
        if (node) await (await node.catch(() => null))?.close();
      } finally {
        await db.close();
      }
    });
  } catch (error) {
    await db.close();
    throw error;
  }
}
