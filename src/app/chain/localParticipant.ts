import { appointParticipant } from "../../adapters/chain/intents/appointParticipant.ts";
import type { ParticipantKind } from "../../base/types/participantKinds.ts";
import { concatBytes, toHex, utf8 } from "../../base/lib/bytes.ts";
import { FIRM_ID_BYTES } from "../../base/lib/sizes.ts";
import type { Address } from "../../base/types/ids.ts";
import { keccak } from "../../format/keccak.ts";
import type { Intent, Signer } from "../../stages/outbox/ports.ts";

/**
 * Makes an account a participant of these kinds on the embedded chain, for good, in a firm of its own:
 * several of one firm would count as one signer. Idempotent by account.
 */
export function localParticipant(
  registry: Address,
  admin: Signer,
  { address }: Pick<Signer, "address">,
  ...kinds: readonly ParticipantKind[]
): Intent {
  return appointParticipant(registry, admin.address, {
    account: address,
    kinds,
    country: "CN",
    expiry: null,
    firmId: toHex(
      keccak(concatBytes(utf8("microtonne/embedded participant"), utf8(address))).subarray(0, FIRM_ID_BYTES),
    ),
  });
}
