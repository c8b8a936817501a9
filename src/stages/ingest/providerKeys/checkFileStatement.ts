import type { Hex, ProviderId, TenantId } from "../../../base/types/ids.ts";
import type { FileSignature } from "../../../format/signing/fileSignature.ts";
import { signatureRefusal } from "./signatureRefusal.ts";

/**
 * Checks that a file's signature is meant for us: for the profile's provider, this operator and this profile.
 * @throws CheckFailedError `signature.provider`, `signature.tenant`, `signature.profile`
 */
export function checkFileStatement(
  signature: FileSignature,
  expected: { readonly provider: ProviderId; readonly tenant: TenantId; readonly profileHash: Hex },
): void {
  const { provider, tenant, profileHash } = expected;
  if (signature.provider !== provider) {
    throw signatureRefusal(
      "provider",
      `it was signed by ${signature.provider}, and the profile is for ${provider}`,
      "Name the right profile or provider",
    );
  }
  if (signature.tenant !== tenant) {
    throw signatureRefusal(
      "tenant",
      `it was signed for the operator ${signature.tenant}, not for ${tenant}`,
      "Ask the provider to sign it for us",
    );
  }
  if (signature.profileHash !== profileHash) {
    throw signatureRefusal(
      "profile",
      "it was signed under another profile, or another version of this one",
      "Agree with the provider on one profile",
    );
  }
}
