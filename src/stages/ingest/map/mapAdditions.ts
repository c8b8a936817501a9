import { bytesOfText } from "../../../base/lib/bytesOfText.ts";
import type { RecordAdditions } from "../../../base/types/activityRecord.ts";
import { PUBLIC_KEY_BYTES } from "../../../format/ed25519.ts";
import {
  ATTESTATION_BYTES,
  attestationAttributes,
  type AttestorSignature,
} from "../../../format/signing/attestations.ts";
import type { Bind } from "../fields/columns.ts";
import type { FieldRef } from "../schema/fieldSchema.ts";
import type { Profile } from "../schema/profileSchema.ts";
import { Refusal } from "../reasonCodes.ts";
import { normalisedAssetNumber } from "../../../base/lib/normalisedAssetNumber.ts";
import { normalised } from "./identifierSpelling.ts";
import type { Mapper } from "./mapIdentity.ts";

/**
 * An asset as its row names it, its number in one spelling. The key service makes a key of it, and nothing
 * else keeps it.
 */
export interface NamedAsset {
  readonly kind: string;
  readonly number: string;
}

/** What a row says beside the members of `microtonne-record/1`. */
export interface MappedAdditions {
  readonly members: Partial<Pick<RecordAdditions, "evidence" | "consentText" | "attributes">>;
  /** Null where the row names none. */
  readonly asset: NamedAsset | null;
}

const MAX_ASSET_BYTES = 256;
const MAX_ATTRIBUTE_BYTES = 256;
const MAX_ATTRIBUTE_CHARACTERS = 64;

/** The fields that the sections read. */
export function additionRefs({ asset, attributes, attestations = [] }: Profile): FieldRef[] {
  return [
    ...attestations,
    ...(asset ? [asset.column] : []),
    ...Object.values(attributes ?? {}).flatMap((one) => ("column" in one ? [one.column] : [])),
  ];
}

/** Null where the profile says nothing of them. */
export function additionsMapper(profile: Profile, bind: Bind): Mapper<MappedAdditions> | null {
  const { evidence, consentText, asset, attributes, attestations } = profile;
  if (!evidence && !consentText && !asset && !attributes && !attestations) return null;
  const constants = { ...(evidence && { evidence }), ...(consentText && { consentText }) };
  const mapAsset = assetMapper(profile, bind);
  const mapAttributes = attributesMapper(profile, bind);
  const mapAttestations = attestationsMapper(profile, bind);
  return (row) => {
    const named = mapAsset(row);
    if (named instanceof Refusal) return named;
    const found = mapAttributes(row);
    if (found instanceof Refusal) return found;
    const attested = mapAttestations(row);
    if (attested instanceof Refusal) return attested;
    Object.assign(found, attested);
    const members = Object.keys(found).length === 0 ? constants : { ...constants, attributes: found };
    return { members, asset: named };
  };
}

function assetMapper({ asset }: Profile, bind: Bind): Mapper<NamedAsset | null> {
  if (!asset) return () => null;
  const reader = bind(asset.column);
  const missing = new Refusal("field.missing", reader.label);
  const malformed = new Refusal("asset.malformed", reader.label);
  return (row) => {
    const read = reader.read(row);
    if (typeof read !== "string") return read;
    if (read === "") return asset.required ? missing : null;
    const number = normalisedAssetNumber(read, MAX_ASSET_BYTES);
    return number === null ? malformed : { kind: asset.kind, number };
  };
}

/** What attestors signed stands among the attributes, in the order of the columns that are not empty. */
function attestationsMapper({ attestations = [] }: Profile, bind: Bind): Mapper<Record<string, string>> {
  const readers = attestations.map((column) => {
    const reader = bind(column);
    return { reader, malformed: new Refusal("attestations.malformed", reader.label) };
  });
  return (row) => {
    const found: AttestorSignature[] = [];
    for (const { reader, malformed } of readers) {
      const text = reader.read(row);
      if (typeof text !== "string") return text;
      if (text === "") continue;
      const bytes = bytesOfText(text, ATTESTATION_BYTES);
      if (bytes === null) return malformed;
      found.push({
        publicKey: bytes.subarray(0, PUBLIC_KEY_BYTES),
        signature: bytes.subarray(PUBLIC_KEY_BYTES),
      });
    }
    return attestationAttributes(found);
  };
}

/** Of an empty field no attribute is made: a methodology that asks for it refuses the act by its name. */
function attributesMapper({ attributes = {} }: Profile, bind: Bind): Mapper<Record<string, string>> {
  const readers = Object.entries(attributes).map(([name, one]) => {
    if ("constant" in one) return { name, read: () => one.constant, malformed: null };
    const reader = bind(one.column);
    return {
      name,
      read: (row: Parameters<typeof reader.read>[0]) => reader.read(row),
      malformed: new Refusal("attributes.malformed", reader.label),
    };
  });
  return (row) => {
    const found: Record<string, string> = {};
    for (const { name, read, malformed } of readers) {
      const text = read(row);
      if (typeof text !== "string") return text;
      if (text === "") continue;
      const value = normalised(text, "NFC", MAX_ATTRIBUTE_BYTES);
      if (malformed && (value === null || Array.from(value).length > MAX_ATTRIBUTE_CHARACTERS))
        return malformed;
      found[name] = value ?? text;
    }
    return found;
  };
}
