import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { toHex } from "viem";
import { mnemonicToAccount } from "viem/accounts";
import { startAnvil } from "../../../../src/adapters/chain/startAnvil.ts";
import type { Context } from "../../../../src/app/context.ts";
import { ingestFile, type IngestReport } from "../../../../src/app/ingest/ingestFile.ts";
import { openContext } from "../../../../src/app/openContext.ts";
import { parseConfig } from "../../../../src/app/process/config.ts";
import { createLog } from "../../../../src/app/process/createLog.ts";
import { openJsonFile } from "../../../../src/app/process/openJsonFile.ts";
import { systemClock, systemRandomness } from "../../../../src/app/process/system.ts";
import { parseInstant } from "../../../../src/base/lib/time/parseInstant.ts";
import type { UnixSeconds } from "../../../../src/base/types/quantities.ts";
import { parseProfile } from "../../../../src/stages/ingest/profile/profile.ts";
import { placeMigrated } from "../../../support/placeMigrated.ts";

/** Accounts of the public development mnemonic: 0 the admin, 1 the operator, 2 to 4 verifiers. */
export function keyOf(addressIndex: number): string {
  const key = mnemonicToAccount("test test test test test test test test test test test junk", {
    addressIndex,
  }).getHdKey().privateKey;
  if (!key) throw new Error("no key");
  return toHex(key);
}

/**
 * One chain, as the operator's folder has deployed it, and data folders of several parties beside it, each
 * with a key of its own.
 */
export async function newCityNetwork() {
  const folder = mkdtempSync(join(tmpdir(), "microtonne-city-"));
  let fixed: UnixSeconds | null = null;
  const clock = { now: () => fixed ?? systemClock.now() };
  const path = (name: string): string => join(folder, name);
  const open = async (name: string, settings: Record<string, string> = {}): Promise<Context> => {
    await placeMigrated(path(`${name}/db`));
    return openContext({
      config: parseConfig({ ...settings, MICROTONNE_RULES_REACH_BACK: "taken" }, { folder: path(name) }),
      log: createLog("warn"),
      clock,
      randomness: systemRandomness,
    });
  };
  const embedded = await open("operator");
  await embedded.chain();
  await embedded.close();
  const node = await startAnvil({ folder: path("operator/chain") });
  const network = {
    MICROTONNE_RPC_URL: node.rpcUrl,
    MICROTONNE_DEPLOYMENT: path("operator/deployment.json"),
  };
  const registrarsKey = (regions: string) => ({
    MICROTONNE_REGISTRAR_PRIVATE_KEY: keyOf(0),
    MICROTONNE_REGISTRAR_REGIONS: regions,
  });
  return {
    path,
    /** Sets the clock of all folders; null for the machine's, which is the chain's. */
    at: (text: string | null) => (fixed = text === null ? null : parseInstant(text)),
    write(name: string, value: unknown): void {
      writeFileSync(path(name), JSON.stringify(value, null, 2));
    },
    file: (name: string) => openJsonFile(path(name)),
    /** A folder without a key of its own but the operator's, which a local network has. */
    open: (name: string): Promise<Context> => open(name, network),
    /** Another operator's folder, with the key of an account. */
    operator: (name: string, account: number): Promise<Context> =>
      open(name, { ...network, MICROTONNE_OPERATOR_PRIVATE_KEY: keyOf(account) }),
    registrar: (name: string, regions: string): Promise<Context> =>
      open(name, { ...network, ...registrarsKey(regions) }),
    /** The verifier of an account, in a folder of its own. */
    verifier: (account: number): Promise<Context> =>
      open(`verifier-${String(account)}`, {
        ...network,
        MICROTONNE_VERIFIER_PRIVATE_KEY: keyOf(account),
      }),
    /** A file of rows under a header, read by a profile. */
    ingest(
      context: Context,
      name: string,
      profile: string,
      header: string,
      rows: readonly string[],
    ): Promise<IngestReport> {
      writeFileSync(path(name), `${header}\n${rows.join("\n")}\n`);
      return ingestFile(context, {
        file: path(name),
        profile: parseProfile(profile, context.classLists.newest),
        rejectsFile: path(`${name}.rejects`),
        duplicatesFile: null,
        lookupFolder: null,
      });
    },
    async close() {
      await node.stop();
      rmSync(folder, { recursive: true });
    },
  };
}
export type CityNetwork = Awaited<ReturnType<typeof newCityNetwork>>;
