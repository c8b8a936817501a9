import type { ProviderId, TenantId } from "../../../base/types/ids.ts";
import type { UnixSeconds } from "../../../base/types/quantities.ts";
import type { Database, Session } from "../engine/database.ts";

/** A file that a provider signed, as paths and evidence of its records need it. Hashes are bytes. */
export interface SignedFile {
  /** `signedFileId`. */
  readonly file: Uint8Array;
  readonly provider: ProviderId;
  readonly publicKey: Uint8Array;
  readonly profileHash: Uint8Array;
  readonly saltHash: Uint8Array;
  readonly records: number;
  readonly root: Uint8Array;
  readonly signedAt: UnixSeconds;
  readonly signature: Uint8Array;
}

/** Up to 256 digests, 32 bytes each, and the root over them. */
export interface DigestBundle {
  readonly root: Uint8Array;
  readonly digests: Uint8Array;
}

const BUNDLE_COLUMNS = {
  tenant: "text",
  file: "bytea",
  bundle: "int4",
  root: "bytea",
  digests: "bytea",
} as const;
/** Bundles that are sent at once: 2 MB. */
const BUNDLES_PER_COPY = 256;

/**
 * Keeps a signed file's digests, all or nothing. A file that is here already is left as it is.
 * @param bundles may be asked for more than once
 */
export async function saveSignedFile(
  db: Database,
  tenant: TenantId,
  signed: SignedFile,
  bundles: () => AsyncIterable<DigestBundle>,
): Promise<void> {
  await db.transaction(async (tx) => {
    const entered = await tx.query(
      `INSERT INTO signed_files (tenant, file, provider, public_key, profile_hash, salt_hash, records, root,
       signed_at, signature)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT DO NOTHING RETURNING 1`,
      [
        tenant,
        signed.file,
        signed.provider,
        signed.publicKey,
        signed.profileHash,
        signed.saltHash,
        signed.records,
        signed.root,
        signed.signedAt,
        signed.signature,
      ],
    );
    if (entered.length === 0) return;
    let waiting: [TenantId, Uint8Array, number, Uint8Array, Uint8Array][] = [];
    let bundle = 0;
    for await (const { root, digests } of bundles()) {
      waiting.push([tenant, signed.file, bundle++, root, digests]);
      if (waiting.length < BUNDLES_PER_COPY) continue;
      await tx.copyIn("signed_file_bundles", BUNDLE_COLUMNS, waiting);
      waiting = [];
    }
    await tx.copyIn("signed_file_bundles", BUNDLE_COLUMNS, waiting);
  });
}

/** A signed file with the roots of its bundles, in order; null where it is not here. */
export async function findSignedFile(
  db: Session,
  tenant: TenantId,
  file: Uint8Array,
): Promise<(SignedFile & { readonly bundleRoots: readonly Uint8Array[] }) | null> {
  const [row] = await db.query<{
    provider: ProviderId;
    public_key: Uint8Array;
    profile_hash: Uint8Array;
    salt_hash: Uint8Array;
    records: bigint;
    root: Uint8Array;
    signed_at: bigint;
    signature: Uint8Array;
  }>(
    `SELECT provider, public_key, profile_hash, salt_hash, records, root, signed_at, signature
     FROM signed_files WHERE tenant = $1 AND file = $2`,
    [tenant, file],
  );
  if (!row) return null;
  const bundles = await db.query<{ root: Uint8Array }>(
    "SELECT root FROM signed_file_bundles WHERE tenant = $1 AND file = $2 ORDER BY bundle",
    [tenant, file],
  );
  return {
    file,
    provider: row.provider,
    publicKey: row.public_key,
    profileHash: row.profile_hash,
    saltHash: row.salt_hash,
    records: Number(row.records),
    root: row.root,
    signedAt: Number(row.signed_at) as UnixSeconds,
    signature: row.signature,
    bundleRoots: bundles.map(({ root }) => root),
  };
}

/** The digests of some bundles of a signed file, 32 bytes each, by the bundle's number. */
export async function findDigestBundles(
  db: Session,
  tenant: TenantId,
  file: Uint8Array,
  bundles: readonly number[],
): Promise<Map<number, Uint8Array>> {
  const rows = await db.query<{ bundle: number; digests: Uint8Array }>(
    `SELECT bundle, digests FROM signed_file_bundles WHERE tenant = $1 AND file = $2
     AND bundle = ANY($3::integer[])`,
    [tenant, file, bundles],
  );
  return new Map(rows.map(({ bundle, digests }) => [bundle, digests]));
}
