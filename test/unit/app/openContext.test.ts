import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openContext } from "../../../src/app/openContext.ts";
import { parseConfig } from "../../../src/app/process/config.ts";
import { createLog } from "../../../src/app/process/createLog.ts";
import { systemClock, systemRandomness } from "../../../src/app/process/system.ts";
import { batchId, tenantId } from "../../../src/base/lib/ids.ts";
import { placeMigrated } from "../../support/placeMigrated.ts";
import { refusedFor } from "../../support/refusedFor.ts";

const FAR = {
  MICROTONNE_CHAIN_ID: "7",
  MICROTONNE_RPC_URL: "http://127.0.0.1:1",
  MICROTONNE_DEPLOYMENT: "d.json",
};
let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), "microtonne-context-"))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const opened = async (settings: Record<string, string> = {}, keyless?: boolean, at = folder) => {
  if (at === folder) await placeMigrated(join(folder, "db"));
  return openContext({
    config: parseConfig(settings, { folder: at }),
    log: createLog("silent"),
    clock: systemClock,
    randomness: systemRandomness,
    ...(keyless !== undefined && { keyless }),
  });
};

describe("what a process works with", () => {
  it("is opened in its folder and closed again; another tenant's is of the same database", async () => {
    const context = await opened();
    expect(context).toMatchObject({ local: true, tenant: "local" });
    expect(statSync(join(folder, "keys", "sealing.key")).size).toBe(32);
    const other = await context.forTenant(tenantId("other"));
    expect([other.tenant, other.db === context.db, other.local]).toEqual(["other", true, true]);
    const tenants = await context.db.query("SELECT tenant FROM tenants ORDER BY tenant");
    expect(tenants).toMatchObject([{ tenant: "local" }, { tenant: "other" }]);
    expect(context.archive.pathOf(batchId(`0x${"ab".repeat(32)}`))).toBe(
      join(folder, "archive", "ab".repeat(32)),
    );
    const [rule] = context.methodologies.list();
    expect(rule?.id).toMatch(/^0x/);
    expect(context.classLists.newest.version).toBeGreaterThan(0);
    const identifiers = [{ scope: "deployment", identifier: "anna" }];
    expect(await other.keys.subjects.subjectKeys(identifiers)).toEqual(
      await context.keys.subjects.subjectKeys(identifiers),
    );
    // Whoever closes a tenant's leaves what others work with.
    await other.close();
    expect(await context.db.query("SELECT 1 AS one")).toHaveLength(1);
    expect(existsSync(join(folder, "db", "lock"))).toBe(true);
    await context.close();
    expect(existsSync(join(folder, "db", "lock"))).toBe(false);
  });

  it("gives its folder back where it can't be opened whole", async () => {
    mkdirSync(join(folder, "keys", "sealing.key"), { recursive: true });
    await expect(opened()).rejects.toMatchObject({ code: "EISDIR" });
    expect(existsSync(join(folder, "db", "lock"))).toBe(false);
  });

  it("is refused in a folder that can't be made, and is its owner's alone where it is made", async () => {
    writeFileSync(join(folder, "file"), "");
    const under = join(folder, "file", "data");
    await expect(opened({}, false, under)).rejects.toEqual(refusedFor("config.folder"));
    await expect(opened({}, false, under)).rejects.toMatchObject({ cause: { code: "ENOTDIR" } });
    await expect(opened({}, false, under)).rejects.toThrow(
      `The data folder ${under} can't be made or opened: a part of its path is a file and no folder.`,
    );
    await expect(opened(FAR, false, join(folder, "new", "data"))).rejects.toMatchObject({
      code: "keys.service",
    });
    expect(statSync(join(folder, "new", "data")).mode & 0o777).toBe(0o700);
  });

  it("names the key service that a network of others needs, before anything is opened", async () => {
    const far = (settings: Record<string, string>) => opened(settings, false, join(folder, "far"));
    await expect(far(FAR)).rejects.toEqual(refusedFor("keys.service"));
    await expect(far(FAR)).rejects.toThrow("The network with chain id 7 needs a key service of its registry");
    const named = { ...FAR, MICROTONNE_KEY_SERVICE: "development" };
    await expect(far(named)).rejects.toMatchObject({ code: "keys.not-local" });
    expect(existsSync(join(folder, "far", "db"))).toBe(false);
  });

  it("has no keys of people where nobody is looked at, and says so to whoever asks for one", async () => {
    const context = await opened(FAR, true);
    const { subjects, activities, firms, salts } = context.keys;
    expect(context.local).toBe(false);
    expect(salts).toBeDefined();
    for (const asked of [
      subjects.subjectKeys([]),
      activities.activityKeys([]),
      activities.keyScheme([2025]),
      firms.firmId({ scheme: "USCC", code: "91420100MA4KX0000X" }),
    ])
      await expect(asked).rejects.toMatchObject({ code: "keys.service" });
    await context.close();
  });

  it("has the development keys where the settings name them, keyless or not", async () => {
    const context = await opened({ ...FAR, MICROTONNE_DEVELOPMENT_KEYS_CHAIN: "7" }, true);
    expect(await context.keys.subjects.subjectKeys([{ scope: "deployment", identifier: "a" }])).toHaveLength(
      1,
    );
    await context.close();
  });
});
