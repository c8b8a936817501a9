import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseConfig } from "../../src/app/process/config.ts";
import { openContext } from "../../src/app/openContext.ts";
import { ingestFile } from "../../src/app/ingest/ingestFile.ts";
import { createLog } from "../../src/app/process/createLog.ts";
import { resolveProfile } from "../../src/app/profiles/resolveProfile.ts";
import { addProviderKey } from "../../src/app/providers/addProviderKey.ts";
import { newKeyFile } from "../../src/app/providers/keyFile.ts";
import { readSidecar } from "../../src/app/providers/readSidecar.ts";
import { signFile } from "../../src/app/providers/signFile.ts";
import { systemClock, systemRandomness } from "../../src/app/process/system.ts";
import { toHex } from "../../src/base/lib/bytes.ts";
import { providerId } from "../../src/base/lib/ids.ts";
import { publicKeyOf, signEd25519, verifyEd25519 } from "../../src/format/ed25519.ts";
import { readOptions } from "../setup/readOptions.ts";

const HELP = `Measures what signatures cost, in processor time, on an embedded database of its own: the same
rides taken unsigned, signed, and taken signed; and how long one signature of a single row takes to check.

  node scripts/bench/signatures.ts --records 20000

  --records N   rides in each file
`;
const VERIFICATIONS = 500;

const { values } = readOptions(HELP, { options: { records: { type: "string" } } });
if (values.records === undefined) process.stdout.write(HELP);
else await bench(Number(values.records));

async function bench(records: number): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "microtonne-bench-"));
  const outside = {
    config: parseConfig({}, { folder: join(folder, "data") }),
    clock: systemClock,
    randomness: systemRandomness,
  };
  const context = await openContext({ ...outside, log: createLog("warn") });
  try {
    const [plain, signed] = [join(folder, "plain.csv"), join(folder, "signed.csv")];
    await writeFile(plain, rides(records, "plain"));
    await writeFile(signed, rides(records, "signed"));
    const take = async (file: string, provider: string, signature: Uint8Array | null) => {
      const profile = await resolveProfile("canonical-csv", { provider });
      await ingestFile(context, {
        file,
        profile,
        rejectsFile: null,
        duplicatesFile: null,
        lookupFolder: null,
        signature,
      });
    };
    report("ingest, unsigned", records, await microsecondsOf(() => take(plain, "plain", null)));

    const keyFile = join(folder, "signer.key");
    const publicKey = toHex(await newKeyFile(keyFile, systemRandomness));
    await addProviderKey(context, {
      provider: providerId("signer"),
      publicKey,
      validFrom: null,
      validTo: null,
      required: true,
    });
    const profile = await resolveProfile("canonical-csv", { provider: "signer" });
    const request = { file: signed, profile, keyFile, tenant: context.tenant, out: null, lookupFolder: null };
    report("sign a file", records, await microsecondsOf(() => signFile(outside, request)));
    const sidecar = await readSidecar(signed, null);
    report("ingest, signed file", records, await microsecondsOf(() => take(signed, "signer", sidecar)));

    const seed = systemRandomness.bytes(32);
    const message = systemRandomness.bytes(128);
    const [key, signature] = [publicKeyOf(seed), signEd25519(message, seed)];
    const verify = async (): Promise<void> => {
      for (let i = 0; i < VERIFICATIONS; i++) verifyEd25519(signature, message, key);
      return Promise.resolve();
    };
    await verify();
    report("one row's own signature", VERIFICATIONS, await microsecondsOf(verify));
  } finally {
    await context.close();
    await rm(folder, { recursive: true, force: true });
  }
}

/** Metro rides, a minute apart, by a hundred people. */
function rides(count: number, prefix: string): string {
  const rows = Array.from({ length: count }, (_, i) => {
    const start = Date.UTC(2025, 0, 1, 16) + i * 20_000;
    const iso = (milliseconds: number): string => new Date(milliseconds).toISOString();
    return (
      `${prefix}${String(i)},${prefix}-${String(i % 100)},` +
      `metro,${iso(start)},${iso(start + 1_200_000)},12.5,passenger-km`
    );
  });
  return `recordId,subject,scenario,startedAt,endedAt,quantity,unit\n${rows.join("\n")}\n`;
}

async function microsecondsOf(work: () => Promise<unknown>): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return user + system;
}

function report(what: string, count: number, microseconds: number): void {
  process.stdout.write(
    `${what.padEnd(24)} ${Math.round(microseconds / count)
      .toLocaleString("en-US")
      .padStart(7)} µs of processor time each\n`,
  );
}
