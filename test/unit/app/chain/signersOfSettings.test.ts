import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { devSigners } from "../../../../src/adapters/chain/signers.ts";
import { callsForOthers, NOBODY } from "../../../../src/app/chain/callsForOthers.ts";
import { ensureCurrency } from "../../../../src/app/chain/ensureCurrency.ts";
import { openSigner, readPassword } from "../../../../src/app/chain/openSigner.ts";
import { operatorOf } from "../../../../src/app/chain/operatorOf.ts";
import { registrarOf } from "../../../../src/app/chain/registrarOf.ts";
import { parseConfig } from "../../../../src/app/process/config.ts";
import { systemRandomness } from "../../../../src/app/process/system.ts";
import { tenantId } from "../../../../src/base/lib/ids.ts";
import type { Deployment } from "../../../../src/base/types/deployment.ts";
import { refusedFor } from "../../../support/refusedFor.ts";

const folder = mkdtempSync(join(tmpdir(), "microtonne-signers-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const DEVELOPMENT = devSigners(31_337);
const KEY = `0x${"12".repeat(32)}` as const;
const far = { MICROTONNE_CHAIN_ID: "7", MICROTONNE_RPC_URL: "http://node", MICROTONNE_DEPLOYMENT: "d.json" };
const file = (name: string, text: string) => {
  writeFileSync(join(folder, name), text, { mode: 0o600 });
  return join(folder, name);
};

describe("who acts for a tenant", () => {
  const operator = (settings: Record<string, string>, tenant: string | null, local: boolean) => {
    const config = parseConfig(settings, { folder });
    const of = tenant === null ? config.tenant : tenantId(tenant);
    return operatorOf({ config, tenant: of, local, randomness: systemRandomness });
  };

  it("is the settings' key, else on a local network the second development account", async () => {
    const named = await operator({ MICROTONNE_OPERATOR_PRIVATE_KEY: KEY }, null, true);
    expect(named.address).toBe((await openSigner({ kind: "key", privateKey: KEY })).address);
    expect((await operator({}, null, true)).address).toBe(DEVELOPMENT[1]?.address);
    await expect(operator(far, null, false)).rejects.toEqual(refusedFor("chain.operator-key"));
  });

  it("is for another tenant a key of its own, kept in the data folder", async () => {
    const one = await operator({ MICROTONNE_OPERATOR_PRIVATE_KEY: KEY }, "one", true);
    expect(existsSync(join(folder, "keys", "operators", "one.key"))).toBe(true);
    expect((await operator({}, "one", false)).address).toBe(one.address);
    const addresses = new Set([
      one.address,
      (await operator({}, "two", true)).address,
      DEVELOPMENT[1]?.address,
    ]);
    expect(addresses.size).toBe(3);
  });
});

describe("who publishes rules", () => {
  const [admin] = DEVELOPMENT;
  it("is the settings' key for its regions, else the embedded chain's admin for all", async () => {
    const set = { MICROTONNE_REGISTRAR_PRIVATE_KEY: KEY, MICROTONNE_REGISTRAR_REGIONS: "WUHAN" };
    expect(await registrarOf(parseConfig(set), admin ?? null)).toMatchObject({ regions: ["WUHAN"] });
    expect(await registrarOf(parseConfig({}), admin ?? null)).toEqual({ signer: admin, regions: null });
    expect(await registrarOf(parseConfig({}), null)).toBeNull();
    expect(await registrarOf(parseConfig(far), admin ?? null)).toBeNull();
  });
});

describe("a signer of the settings", () => {
  it("is opened once, and again where it could not be", async () => {
    const setting = { kind: "key", privateKey: KEY } as const;
    expect(await openSigner(setting)).toBe(await openSigner(setting));
    const path = join(folder, "later.json");
    const late = { kind: "file", path, passwordFile: file("password", "word\r\nsecond\n") } as const;
    await expect(openSigner(late)).rejects.toMatchObject({
      code: "file.unreadable",
      message: `The key file ${path} can't be read: there is none of that name.`,
    });
    file("later.json", "{}");
    await expect(openSigner(late)).rejects.toMatchObject({ code: "signer.key-file" });
  });

  it("in a file needs a password", async () => {
    const bare = { kind: "file", path: "k.json", passwordFile: null } as const;
    await expect(openSigner(bare)).rejects.toEqual(refusedFor("signer.no-password"));
    await expect(openSigner(bare)).rejects.toThrow("The key file k.json needs a password");
  });

  it("has its password in the first line of a file", async () => {
    expect(await readPassword(file("two", "first\nsecond\n"))).toBe("first");
    expect(await readPassword(file("windows", "first\r\nsecond"))).toBe("first");
    expect(await readPassword(file("bare", " first "))).toBe(" first ");
    for (const text of ["", "\nsecond", "\r\nsecond"]) {
      const empty = file("empty", text);
      await expect(readPassword(empty)).rejects.toEqual(refusedFor("signer.password-file"));
      await expect(readPassword(empty)).rejects.toThrow(`${empty} has no password in its first line.`);
    }
    await expect(readPassword(join(folder, "none"))).rejects.toThrow(
      `The password file ${join(folder, "none")} can't be read: there is none of that name.`,
    );
    const large = file("large", "x".repeat(65_537));
    await expect(readPassword(large)).rejects.toThrow(`${large} is too large for a password file.`);
    expect(await readPassword(file("most", "x".repeat(65_536)))).toHaveLength(65_536);
  });
});

it("calls for others name their chain and keep their order", () => {
  const calls = [
    { to: `0x${"01".repeat(20)}`, data: "0x01" },
    { to: NOBODY, data: "0x02" },
  ] as const;
  expect(callsForOthers({ chainId: 7 } as Deployment, calls)).toEqual({
    format: "microtonne-registrar-calls/1",
    chainId: 7,
    calls,
  });
  expect(NOBODY).toBe("0x0000000000000000000000000000000000000000");
});

it("an operator of the embedded chain is given its currency once, and a block is made of it", async () => {
  const [, operator] = DEVELOPMENT;
  const asked: unknown[] = [];
  const client = (balance: string) =>
    ({
      request: (method: string, parameters: unknown[]) => {
        asked.push([method, ...parameters]);
        return Promise.resolve(balance);
      },
    }) as never;
  const look = ["eth_getBalance", operator?.address, "latest"];
  if (operator) await ensureCurrency(client("0x1"), operator);
  expect(asked.splice(0)).toEqual([look]);
  if (operator) await ensureCurrency(client("0x0"), operator);
  expect(asked).toEqual([
    look,
    ["anvil_setBalance", operator?.address, "0xffffffffffffffffffff"],
    ["evm_mine"],
  ]);
});
