import { rename, writeFile } from "node:fs/promises";
import { UsageError } from "../../base/errors/errors.ts";
import { toHex } from "../../base/lib/bytes.ts";
import type { Clock, Randomness } from "../../base/lib/system.ts";
import type { TenantId } from "../../base/types/ids.ts";
import { DigestTreeStream } from "../../format/signing/digestTree.ts";
import { publicKeyOf, signEd25519 } from "../../format/ed25519.ts";
import {
  encodeFileSignature,
  FILE_SIGNATURE_FORMAT,
  fileStatementMessage,
  type FileStatement,
} from "../../format/signing/fileSignature.ts";
import { keccak } from "../../format/keccak.ts";
import { providerKeyId } from "../../format/signing/signedRecord.ts";
import { profileHash } from "../../stages/ingest/profile/profile.ts";
import type { Profile } from "../../stages/ingest/schema/profileSchema.ts";
import type { Config } from "../process/config.ts";
import { openLookup } from "../sources/openLookup.ts";
import { openSource } from "../sources/openSource.ts";
import { readKeyFile } from "./keyFile.ts";
import { recordDigests } from "./recordDigests.ts";
import { prepareReading } from "../sources/prepareReading.ts";

/** What a file is called that holds the signature over `file`. */
export function sidecarOf(file: string): string {
  return `${file}.sig.json`;
}

/**
 * As a provider: signs the records that a profile makes of a file, and writes the sidecar. Rows that the
 * profile refuses are not signed; their number is answered.
 * @throws UsageError `file.unreadable`, `file.unwritable`, `sign.out`, `sign.asset`; InputError
 * `key-file.malformed`, `signed-file.empty`, or as `decideDates` and `readActivities`
 */
export async function signFile(
  {
    config,
    clock,
    randomness,
  }: { readonly config: Config; readonly clock: Clock; readonly randomness: Randomness },
  request: {
    readonly file: string;
    readonly profile: Profile;
    readonly keyFile: string;
    readonly tenant: TenantId;
    /** By default beside the file. */
    readonly out: string | null;
    readonly lookupFolder: string | null;
  },
): Promise<{ statement: FileStatement; refused: number; out: string }> {
  const { file, profile, tenant, lookupFolder } = request;
  if (request.out === null && file === "-")
    throw new UsageError("sign.out", "Standard input has no name that its signature file could have.", {
      remedy: { act: "name-signature-output" },
    });
  if (profile.asset)
    throw new UsageError(
      "sign.asset",
      "The profile names assets. Their keys are part of what is signed, and the registry's key service " +
        "makes them, which this command can't reach. Agree with the operator on a profile that leaves " +
        "assets out.",
    );
  const seed = await readKeyFile(request.keyFile);
  const source = await openSource(config, file, { twice: true });
  try {
    const { reading } = await prepareReading(config, profile, source, {
      openLookup: (name) => openLookup(name, { file, folder: lookupFolder }),
    });
    const [signedAt, fileSalt, tree] = [clock.now(), randomness.bytes(32), new DigestTreeStream()];
    let refused = 0;
    for await (const chunk of recordDigests(profile, source, reading, { now: signedAt, fileSalt })) {
      for (const digest of chunk.digests) tree.push(digest);
      refused += chunk.refused;
    }
    const { root, count } = tree.finish();
    const statement: FileStatement = {
      format: FILE_SIGNATURE_FORMAT,
      provider: profile.provider.id,
      keyId: providerKeyId(publicKeyOf(seed)),
      tenant,
      profileHash: profileHash(profile),
      records: count,
      root: toHex(root),
      saltHash: toHex(keccak(fileSalt)),
      signedAt,
    };
    const signature = toHex(signEd25519(fileStatementMessage(statement), seed));
    const out = request.out ?? sidecarOf(file);
    await publish(out, encodeFileSignature({ ...statement, fileSalt: toHex(fileSalt), signature }));
    return { statement, refused, out };
  } finally {
    await source.close();
  }
}

/**
 * Whole or not at all. The salt in it opens subjects: for the owner's eyes, and for whoever is given the file
 * itself.
 */
async function publish(path: string, text: string): Promise<void> {
  try {
    await writeFile(`${path}.part`, text, { mode: 0o600 });
    await rename(`${path}.part`, path);
  } catch (cause) {
    throw new UsageError("file.unwritable", `${path} can't be written.`, { cause });
  }
}
