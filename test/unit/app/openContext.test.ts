import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, it } from "vitest";
import { openContext } from "../../../src/app/openContext.ts";
import { parseConfig } from "../../../src/app/process/config.ts";
import { createLog } from "../../../src/app/process/createLog.ts";
import { systemClock, systemRandomness } from "../../../src/app/process/system.ts";

const folder = mkdtempSync(join(tmpdir(), "microtonne-context-"));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const elsewhere = {
  MICROTONNE_CHAIN_ID: "7",
  MICROTONNE_RPC_URL: "http://127.0.0.1:1",
  MICROTONNE_DEPLOYMENT: "deployment.json",
};

it.each([
  [
    {},
    "keys.service",
    /chain id 7 needs a key service.*set MICROTONNE_KEY_SERVICE.*`network init --development-keys`/s,
  ],
  [{ MICROTONNE_KEY_SERVICE: "development" }, "keys.not-local", /hides nothing/],
])("another network is refused with %j, before anything is made", async (settings, code, sentence) => {
  const config = parseConfig({ ...elsewhere, ...settings }, { folder });
  const opening = openContext({
    config,
    log: createLog("silent"),
    clock: systemClock,
    randomness: systemRandomness,
  });
  await expect(opening).rejects.toMatchObject({ code, message: expect.stringMatching(sentence) as string });
  expect(existsSync(join(folder, "db"))).toBe(false);
});
