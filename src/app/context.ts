import { link, mkdir, open, readFile, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Logger } from "pino";
import { archiveFolder, type ArchiveFolder } from "../adapters/archive/folder.ts";
import { hmacDevKeyService } from "../adapters/keys/hmacDev.ts";
import type { Database } from "../adapters/storage/database.ts";
import { migrate } from "../adapters/storage/migrate.ts";
import { openPglite } from "../adapters/storage/pglite.ts";
import { openPostgres } from "../adapters/storage/postgres.ts";
import { ensureTenant } from "../adapters/storage/ensureTenant.ts";
import type { Clock, Randomness } from "../base/lib/system.ts";
import { toHex } from "../base/lib/bytes.ts";
import type { TenantId } from "../base/types/ids.ts";
import type { KeyService } from "../stages/dedupe/ports.ts";
import { BoundsBook } from "../stages/plausibility/bounds.ts";
import { shippedPlausibility } from "../stages/plausibility/shippedRules.ts";
import { MethodologyCatalogue } from "../stages/quantify/catalogue.ts";
import { shippedMethodologies } from "../stages/quantify/shippedMethodologies.ts";
import { LOCAL_CHAIN_ID, type Config } from "./config.ts";
import { openChain, type ChainSide } from "./openChain.ts";

/** Everything that a service needs from outside, opened once and handed on. */
export interface Context {
  readonly config: Config;
  readonly log: Logger;
  readonly clock: Clock;
  readonly randomness: Randomness;
  readonly tenant: TenantId;
  readonly db: Database;
  readonly keys: KeyService;
  readonly archive: ArchiveFolder;
  /** The shipped methodology versions. */
  readonly methodologies: MethodologyCatalogue;
  /** The shipped plausibility rules. */
  readonly plausibility: BoundsBook;
  /** True on the embedded chain and on local test networks: test methodologies and development keys are allowed. */
  readonly local: boolean;
  /** Opened at the first call: starts or connects, deploys where nothing is deployed on the embedded chain, settles the outbox. */
  chain(): Promise<ChainSide>;
  close(): Promise<void>;
}

/** @throws UnavailableError `storage.locked` where another process works on the folder, or as database and chain */
export async function openContext(outside: { config: Config; log: Logger; clock: Clock; randomness: Randomness }): Promise<Context> {
  const { config, randomness } = outside;
  await mkdir(config.folder, { recursive: true, mode: 0o700 });
  const db = config.databaseUrl === null ? await openPglite(join(config.folder, "db")) : await openPostgres(config.databaseUrl);
  try {
    await migrate(db);
    await ensureTenant(db, config.tenant);
    const sealingSecret = await ensureSecret(join(config.folder, "keys", "sealing.key"), randomness);
    const keys = hmacDevKeyService({ chainId: config.chain.chainId, sealingSecret, randomness });
    const local = config.chain.chainId === LOCAL_CHAIN_ID;
    let chain: Promise<ChainSide> | null = null;
    const context: Context = {
      ...outside,
      tenant: config.tenant,
      db,
      keys,
      archive: archiveFolder(join(config.folder, "archive")),
      methodologies: new MethodologyCatalogue(shippedMethodologies(), { refuseTestMethodologies: !local }),
      plausibility: new BoundsBook(shippedPlausibility()),
      local,
      chain: () => (chain ??= openChain(context)),
      async close() {
        try {
          if (chain) await (await chain.catch(() => null))?.close();
        } finally {
          await db.close();
        }
      },
    };
    return context;
  } catch (error) {
    await db.close();
    throw error;
  }
}

/** Reads the 32-byte secret in a file that only its owner may read. Where there is none, a fresh one is placed first, whole or not at all. */
async function ensureSecret(path: string, randomness: Randomness): Promise<Uint8Array> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const kept = await readFile(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return null;
    throw error;
  });
  if (kept) return new Uint8Array(kept);
  const draft = `${path}.${toHex(randomness.bytes(8)).slice(2)}.draft`;
  const file = await open(draft, "wx", 0o600);
  try {
    await file.writeFile(randomness.bytes(32));
    await file.sync();
  } finally {
    await file.close();
  }
  try {
    // Of several processes one places its secret, and all of them use that one.
    await link(draft, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  } finally {
    await rm(draft, { force: true });
  }
  return new Uint8Array(await readFile(path));
}
