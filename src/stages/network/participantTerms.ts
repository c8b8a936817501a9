import { InputError } from "../../base/errors/errors.ts";
import { FIRM_ID_BYTES } from "../../base/lib/sizes.ts";
import type { Address, Hex } from "../../base/types/ids.ts";
import { FIRM_KINDS } from "../../base/types/participantKinds.ts";
import type { ChainParticipant, ParticipantTerms } from "./ports.ts";

/** The account is no firm's. */
export const NO_FIRM: Hex = `0x${"00".repeat(FIRM_ID_BYTES)}`;

/** A participant as it is asked for. What is null stays as the chain has it; of a new one it is nothing. */
export type AskedParticipant = Omit<ParticipantTerms, "firmId"> & { readonly firmId: Hex | null };

/**
 * The terms on which an account, in lower case, becomes a participant, or another one than it was.
 * @param known all that the registry has
 * @throws InputError `participant.firm-missing`, `participant.firm-fixed`
 */
export function participantTerms(
  asked: AskedParticipant,
  known: readonly ChainParticipant[],
): ParticipantTerms {
  const account = asked.account.toLowerCase() as Address;
  const shown = known.find((participant) => participant.account === account);
  return {
    ...asked,
    account,
    expiry: asked.expiry ?? shown?.expiry ?? null,
    firmId: firmOf(asked, shown),
  };
}

/** The firm that the account is to be of: for good, once it has one. */
function firmOf(one: AskedParticipant, shown: ChainParticipant | undefined): Hex {
  const known = shown?.firmId ?? NO_FIRM;
  const firmId = one.firmId ?? known;
  if (known !== NO_FIRM && firmId !== known)
    throw new InputError(
      "participant.firm-fixed",
      `${one.account} is a wallet of firm ${known} for good, not of ${firmId}. Appoint another wallet.`,
    );
  const kind = one.kinds.find((asked) => FIRM_KINDS.includes(asked));
  if (kind !== undefined && firmId === NO_FIRM)
    throw new InputError(
      "participant.firm-missing",
      `${one.account} is to be ${kind}, which only a known firm may be.`,
      { remedy: { act: "name-firm" } },
    );
  return firmId;
}
