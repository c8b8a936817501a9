import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { Logger } from "pino";
import { archiveFolder } from "../adapters/archive/archiveFolder.ts";
import { saltKeyService } from "../adapters/keys/saltKeyService.ts";
import { sealer } from "../adapters/keys/sealing.ts";
import type { Database } from "../adapters/storage/engine/database.ts";
import { migrate } from "../adapters/storage/engine/migrate.ts";
import { ensureTenant } from "../adapters/storage/service/ensureTenant.ts";
import { UnavailableError, UsageError } from "../base/errors/errors.ts";
import { fileFault } from "../base/errors/fileFault.ts";
import { isLocalChain } from "../base/lib/localChain.ts";
import type { Clock, Randomness } from "../base/lib/system.ts";
import type { TenantId } from "../base/types/ids.ts";
import type { KeyServices } from "../stages/dedupe/ports.ts";
import type { ChainNode, ChainSide, Context } from "./context.ts";
import type { Config } from "./process/config.ts";
import { ensureSecret } from "./process/ensureSecret.ts";
import { openRules } from "./rules/openRules.ts";

/**
 * Opens what a process works with. The one place where the settings choose adapters; each is loaded only when
 * it is chosen, so that a command that needs none starts at once.
 * @throws UnavailableError `storage.locked` where another process works on the folder, or as database and
 * chain; UsageError `config.folder`, and `keys.service` where no key service is there for the network
 */
export async function openContext(outside: {
  config: Config;
  log: Logger;
  clock: Clock;
  randomness: Randomness;
  /** Nothing of people is looked at: registrars and authorities have no key service, and need none. */
  keyless?: boolean;
}): Promise<Context> {
  const { keyless = false, ...given } = outside;
  const { config, randomness } = given;
  await mkdir(config.folder, { recursive: true, mode: 0o700 }).catch((cause: unknown) => {
    throw new UsageError(
      "config.folder",
      `The data folder ${config.folder} can't be made or opened${fileFault(cause)}.`,
      { cause, remedy: { act: "name-other-folder" } },
    );
  });
  const derived = keyless && config.keyService === null ? absentKeys(config) : await openDerivedKeys(config);
  const db = await openDatabase(config);
  try {
    await migrate(db);
    await ensureTenant(db, config.tenant);
    const sealingSecret = await ensureSecret(join(config.folder, "keys", "sealing.key"), randomness);
    const local = isLocalChain(config.chain.chainId);
    const rules = await openRules(db, { local, log: outside.log });
    let node: Promise<ChainNode> | null = null;
    const openOnce = async (): Promise<ChainNode> => {
      try {
        const { openNode } = await import("./chain/openNode.ts");
        return await openNode(config);
      } catch (error) {
        // Who asks again asks a node that may be back.
        node = null;
        throw error;
      }
    };
    const shared = {
      ...given,
      db,
      keys: { ...derived, salts: saltKeyService({ sealingSecret, randomness }) },
      sealer: sealer(sealingSecret, "webhooks", randomness),
      archive: archiveFolder(join(config.folder, "archive")),
      local,
      node: () => (node ??= openOnce()),
    };
    const contextOf = (tenant: TenantId, closeShared: () => Promise<void>): Context => {
      let chain: Promise<ChainSide> | null = null;
      const context: Context = {
        ...shared,
        tenant,
        get methodologies() {
          return rules.now().methodologies;
        },
        get plausibility() {
          return rules.now().plausibility;
        },
        get classLists() {
          return rules.now().classLists;
        },
        get recognition() {
          return rules.now().recognition;
        },
        refreshRules: () => rules.refresh(),
        chain: () => (chain ??= import("./chain/openChain.ts").then(({ openChain }) => openChain(context))),
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

/** Postgres by `DATABASE_URL`, else the embedded database in the data folder. */
async function openDatabase({ databaseUrl, folder }: Config): Promise<Database> {
  if (databaseUrl === null) {
    const { openPglite } = await import("../adapters/storage/engine/openPglite.ts").catch(notInstalled);
    return openPglite(join(folder, "db"));
  }
  const { openPostgres } = await import("../adapters/storage/engine/openPostgres.ts");
  return openPostgres(databaseUrl);
}

/** The database is an optional package: whoever only verifies does without it. */
function notInstalled(cause: unknown): never {
  if (!(cause instanceof Error && "code" in cause && cause.code === "ERR_MODULE_NOT_FOUND")) throw cause;
  throw new UnavailableError(
    "storage.no-database",
    "The embedded database is not installed: npm was told to leave optional packages out. Install the " +
      "package with them, or set DATABASE_URL.",
    { cause },
  );
}

/**
 * Who derives subject and activity keys on this network.
 * @throws UsageError `keys.service` where the settings name nobody, `keys.not-local` where they name the
 * development keys on a network that is not local
 */
async function openDerivedKeys({
  keyService,
  developmentKeysChain,
  chain: { chainId, rpcUrl },
}: Config): Promise<Omit<KeyServices, "salts">> {
  switch (keyService) {
    case "development": {
      const { hmacDevKeys } = await import("../adapters/keys/hmacDevKeys.ts");
      const keys = hmacDevKeys({ chainId, allowedChain: developmentKeysChain, rpcUrl });
      return { subjects: keys, activities: keys, firms: keys };
    }
    case null:
      throw noKeyService(chainId);
  }
}

/** Whoever asks for a key after all is told that there is nobody to ask. */
function absentKeys({ chain: { chainId } }: Config): Omit<KeyServices, "salts"> {
  const refuse = (): Promise<never> => Promise.reject(noKeyService(chainId));
  return {
    subjects: { subjectKeys: refuse },
    activities: { activityKeys: refuse, keyScheme: refuse },
    firms: { firmId: refuse },
  };
}

function noKeyService(chainId: number): UsageError {
  return new UsageError(
    "keys.service",
    `The network with chain id ${String(chainId)} needs a key service of its registry. This version ` +
      `has only ` +
      "`development`, whose keys everybody knows: it works on the local network and, to try things out, on " +
      "one of your own at a loopback address that the data folder was tied to for that.",
    { remedy: { act: "set-key-service" } },
  );
}
