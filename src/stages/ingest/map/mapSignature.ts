import type { FieldRef } from "../schema/fieldSchema.ts";
import type { Mapper } from "./mapIdentity.ts";
import type { Bind } from "../fields/columns.ts";
import type { Profile } from "../schema/profileSchema.ts";
import { Refusal } from "../reasonCodes.ts";

/** What a row has for a signature, as it is written there; empty where it has none. */
export interface RowSignature {
  readonly signature: string;
  /** Null where the profile leaves it open. */
  readonly providerKeyId: string | null;
  /** Empty where the row, or the profile, has none. */
  readonly nonce: string;
}

type Section = NonNullable<Profile["signature"]>;

/** The fields that the section reads. */
export function signatureRefs({ column, key, nonce }: Section): FieldRef[] {
  return [column, ...(key && "column" in key ? [key.column] : []), ...(nonce === null ? [] : [nonce])];
}

/** Null where the profile says nothing of signatures. */
export function signatureMapper({ signature: section }: Profile, bind: Bind): Mapper<RowSignature> | null {
  if (!section) return null;
  const { key, nonce } = section;
  const signatureReader = bind(section.column);
  const keyReader = key && "column" in key ? bind(key.column) : null;
  const nonceReader = nonce === null ? null : bind(nonce);
  const constant = key && "constant" in key ? key.constant : null;
  return (row) => {
    const signature = signatureReader.read(row);
    if (signature instanceof Refusal) return signature;
    const providerKeyId = keyReader ? keyReader.read(row) : constant;
    if (providerKeyId instanceof Refusal) return providerKeyId;
    const blind = nonceReader ? nonceReader.read(row) : "";
    return blind instanceof Refusal ? blind : { signature, providerKeyId, nonce: blind };
  };
}
