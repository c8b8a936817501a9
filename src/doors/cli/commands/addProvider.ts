import { Option, type Command } from "commander";
import { addProviderKey } from "../../../app/providers/addProviderKey.ts";
import type { ProviderKeyDescription } from "../../../app/providers/describeProviderKey.ts";
import { newKeyFile } from "../../../app/providers/keyFile.ts";
import { listProviderKeys } from "../../../app/providers/listProviderKeys.ts";
import { revokeProviderKey } from "../../../app/providers/revokeProviderKey.ts";
import { systemRandomness } from "../../../app/process/system.ts";
import { toHex } from "../../../base/lib/bytes.ts";
import { providerId } from "../../../base/lib/ids.ts";
import { parseInstant } from "../../../base/lib/time/parseInstant.ts";
import type { RevocationReason } from "../../../base/types/providerKey.ts";
import type { UnixSeconds } from "../../../base/types/quantities.ts";
import { providerKeyId } from "../../../format/signing/signedRecord.ts";
import { act, STORED, optionOf } from "../command.ts";

/** `microtonne provider key`: the keys with which providers sign. */
export function addProvider(program: Command): void {
  const key = program
    .command("provider")
    .command("key")
    .description("Keys with which providers sign what they send.")
    .addHelpText(
      "after",
      `
A provider makes a key pair with \`new\` and keeps the private key; it tells the public key, over a
channel that you trust, to whoever takes its files: the pooling operator, and verifiers, who each
keep a book of keys of their own.

Example:
  microtonne provider key new --out city-metro.key
  microtonne provider key add --provider city-metro --public-key 0x33b4…`,
    );
  addNew(key);
  addAdd(key);
  addList(key);
  addRevoke(key);
}

function addNew(key: Command): void {
  const command = key
    .command("new")
    .description(
      "As a provider: make a key pair. The private key goes into a new file for its owner only; the " +
        "public one is printed.",
    )
    .requiredOption("--out <file>", "private key file to write (PKCS#8, PEM)")
    .addHelpText("after", "\nExample:\n  microtonne provider key new --out city-metro.key");
  act<{ out: string }>(command, async (run, { out }) => {
    const publicKey = await newKeyFile(out, systemRandomness);
    const made = { file: out, publicKey: toHex(publicKey), keyId: providerKeyId(publicKey) };
    run.io.result(
      made,
      `wrote the private key to ${out}; keep it secret\npublic key ${made.publicKey}\nkey id     ` +
        made.keyId,
    );
    run.io.say("Next: hand the public key to the operator, who runs:");
    run.next("provider", "key", "add", "--provider", "PROVIDER", "--public-key", made.publicKey);
    return undefined;
  });
}

interface AddOptions {
  provider: string;
  publicKey: string;
  validFrom?: UnixSeconds;
  validTo?: UnixSeconds;
  optional?: boolean;
}

function addAdd(key: Command): void {
  const command = key
    .command("add")
    .description("Take a provider's public key. From then on what this provider sends must be signed.")
    .requiredOption("--provider <id>", "the provider's global id")
    .requiredOption("--public-key <hex>", "its public key, 0x and 64 hex digits")
    .option(
      "--valid-from <time>",
      "first second in which the key may sign, such as 2026-03-01T00:00:00Z (default: now)",
      optionOf(parseInstant),
    )
    .option(
      "--valid-to <time>",
      "first second in which it may no longer (default: no end)",
      optionOf(parseInstant),
    )
    .option("--optional", "unsigned files and rows of the provider are still taken")
    .addHelpText(
      "after",
      `
A key is judged at the time of signing, and for rows that are signed one by one at the end of the
act, else at its start: the window must reach back to the acts. To rotate, add the next key with a
window that overlaps or adjoins.

Example:
  microtonne provider key add --provider city-metro --public-key 0x33b4… --valid-to 2027-03-01`,
    );
  act<AddOptions>(
    command,
    async (run, { provider, publicKey, validFrom = null, validTo = null, optional = false }) => {
      const added = await run.withContext((context) =>
        addProviderKey(context, {
          provider: providerId(provider),
          publicKey,
          validFrom,
          validTo,
          required: !optional,
        }),
      );
      const rule = optional ? "its signatures are optional" : "what it sends must be signed from now on";
      run.io.result(added, `${lineOf(added)}\n${added.provider}: ${rule}`);
      return undefined;
    },
  );
}

function addList(key: Command): void {
  const command = key
    .command("list")
    .description("The keys of a provider, or of all.")
    .option("--provider <id>", "only this provider's")
    .addHelpText("after", "\nExample:\n  microtonne provider key list --provider city-metro");
  act<{ provider?: string }>(command, async (run, { provider }) => {
    const keys = await run.withContext(
      (context) => listProviderKeys(context, provider === undefined ? null : providerId(provider)),
      STORED,
    );
    run.io.result(keys, keys.length === 0 ? "no keys" : keys.map((one) => lineOf(one)).join("\n"));
    return undefined;
  });
}

interface RevokeOptions {
  provider: string;
  reason: RevocationReason;
  at?: UnixSeconds;
}

function addRevoke(key: Command): void {
  const command = key
    .command("revoke")
    .description("Trust a key no longer, from now or from another time on.")
    .argument("<key-id>", "id of the key, or the first digits of it")
    .requiredOption("--provider <id>", "the provider's global id")
    .addOption(
      new Option("--reason <reason>", "why").choices(["retired", "compromised"]).makeOptionMandatory(),
    )
    .option("--at <time>", "from when on (default: now; retired: in five minutes)", optionOf(parseInstant))
    .addHelpText(
      "after",
      `
retired: what the key signed before stays good. compromised: nothing is good that arrived here at
that time or later, whatever time it says itself; such records that are open already are left out of
every batch, and those in batches are listed, to be recalled.

Example:
  microtonne provider key revoke 0x78c33d02 --provider city-metro --reason compromised \\
    --at 2026-05-01T00:00:00Z`,
    );
  act<RevokeOptions>(command, async (run, { provider, reason, at = null }, keyId = "") => {
    const revoked = await run.withContext(
      (context) => revokeProviderKey(context, { provider: providerId(provider), keyId, reason, at }),
      STORED,
    );
    const lines = [lineOf(revoked.key)];
    if (revoked.open > 0)
      lines.push(`${String(revoked.open)} open records arrived after that; they are left out of every batch`);
    if (revoked.elsewhere > 0)
      lines.push(`${String(revoked.elsewhere)} such records are being closed, or were redeemed or donated`);
    for (const { batchId, records, milligrams } of revoked.batches)
      lines.push(`batch ${batchId} holds ${String(records)} such records, ${milligrams} mg: recall them`);
    run.io.result(revoked, lines.join("\n"));
    return undefined;
  });
}

function lineOf({
  provider,
  keyId,
  validFrom,
  validTo,
  required,
  revokedAt,
  reason,
}: ProviderKeyDescription): string {
  const end = revokedAt === null ? "" : `, ${reason ?? ""} from ${revokedAt}`;
  return `${provider} ${keyId} ${validFrom} to ${validTo ?? "no end"}${required ? "" : ", optional"}${end}`;
}
