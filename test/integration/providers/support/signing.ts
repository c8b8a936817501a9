import { join } from "node:path";
import type { Context } from "../../../../src/app/context.ts";
import { ingestFile, type IngestReport } from "../../../../src/app/ingest/ingestFile.ts";
import { addProviderKey } from "../../../../src/app/providers/addProviderKey.ts";
import { newKeyFile } from "../../../../src/app/providers/keyFile.ts";
import { readSidecar } from "../../../../src/app/providers/readSidecar.ts";
import { signFile } from "../../../../src/app/providers/signFile.ts";
import { systemRandomness } from "../../../../src/app/process/system.ts";
import { toHex } from "../../../../src/base/lib/bytes.ts";
import { providerId, tenantId } from "../../../../src/base/lib/ids.ts";
import type { UnixSeconds } from "../../../../src/base/types/quantities.ts";
import { withProvider } from "../../../../src/stages/ingest/profile/profile.ts";
import type { Profile } from "../../../../src/stages/ingest/schema/profileSchema.ts";
import { shippedProfile } from "../../../../src/stages/ingest/profile/shippedProfiles.ts";

/** 2026-03-01T00:00:00Z: all rides of these tests are before it, all keys from a day before. */
export const TODAY = 1_772_323_200;
export const DAY = 86_400;

export const at = (seconds: number): { now(): UnixSeconds } => ({ now: () => seconds as UnixSeconds });

/** A provider with a key that the operator knows. */
export interface SigningProvider {
  readonly id: string;
  readonly profile: Profile;
  readonly keyFile: string;
  readonly publicKey: string;
  readonly keyId: string;
}

export async function signingProvider(
  context: Context,
  folder: string,
  id: string,
  window: {
    validFrom?: number;
    validTo?: number;
    required?: boolean;
    profile?: Profile;
    add?: boolean;
    name?: string;
  } = {},
): Promise<SigningProvider> {
  const keyFile = join(folder, `${window.name ?? id}.key`);
  const publicKey = toHex(await newKeyFile(keyFile, systemRandomness));
  const added =
    window.add === false
      ? null
      : await addProviderKey(context, {
          provider: providerId(id),
          publicKey,
          validFrom: (window.validFrom ?? TODAY - DAY) as UnixSeconds,
          validTo: (window.validTo ?? null) as UnixSeconds | null,
          required: window.required ?? true,
        });
  return {
    id,
    profile: withProvider(window.profile ?? shippedProfile("canonical-csv"), id),
    keyFile,
    publicKey,
    keyId: added?.keyId ?? "",
  };
}

export async function sign(
  context: Context,
  provider: SigningProvider,
  file: string,
  change: { signedAt?: number; tenant?: string; keyFile?: string; profile?: Profile } = {},
) {
  return signFile(
    { config: context.config, clock: at(change.signedAt ?? TODAY), randomness: systemRandomness },
    {
      file,
      profile: change.profile ?? provider.profile,
      keyFile: change.keyFile ?? provider.keyFile,
      tenant: tenantId(change.tenant ?? context.tenant),
      out: null,
      lookupFolder: null,
    },
  );
}

export async function ingest(
  context: Context,
  { profile }: Pick<SigningProvider, "profile">,
  file: string,
  change: { now?: number; signature?: Uint8Array | null; rejectsFile?: string } = {},
): Promise<IngestReport> {
  return ingestFile(
    { ...context, clock: at(change.now ?? TODAY + 60) },
    {
      file,
      profile,
      rejectsFile: change.rejectsFile ?? null,
      duplicatesFile: null,
      lookupFolder: null,
      signature: change.signature === undefined ? await readSidecar(file, null) : change.signature,
    },
  );
}

const HEADER = "recordId,subject,scenario,startedAt,endedAt,quantity,unit";

/** Bike rides of 2025-06-18, seven minutes apart, by some people; every fifth names nobody. */
export function rides(count: number, prefix = "r"): string {
  const rows = Array.from({ length: count }, (_, n) => {
    const start = new Date(Date.UTC(2025, 5, 18, 1, 0) + n * 420_000);
    const end = new Date(start.getTime() + 1_200_000);
    const person = n % 5 === 0 ? "" : `${prefix}-person-${String(n % 7)}`;
    return (
      `${prefix}${String(n)},${person},` +
      `bike,${start.toISOString()},${end.toISOString()},${(1 + (n % 30) / 10).toFixed(1)},km`
    );
  });
  return `${[HEADER, ...rows].join("\n")}\n`;
}
