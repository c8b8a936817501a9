import type { Address } from "../../base/types/ids.ts";
import type { ParticipantKind } from "../../base/types/participantKinds.ts";
import type { ChainParticipant, RoleHolders } from "./ports.ts";

/** What an account may do on a network. */
export interface SignerPowers {
  /** Of the access manager. */
  readonly roles: readonly string[];
  /** In the registry; none while it is not active there. */
  readonly kinds: readonly ParticipantKind[];
  /** False where the network asks for fees and the account has nothing to pay them with. */
  readonly canPay: boolean;
}

/**
 * What the chain lets an account do.
 * @param account lower case
 * @param purse what a unit of gas costs now and what the account has, in wei
 */
export function signerPowers(
  account: Address,
  participants: readonly ChainParticipant[],
  roles: readonly RoleHolders[],
  purse: { readonly gasPrice: bigint; readonly balance: bigint },
): SignerPowers {
  const shown = participants.find((one) => one.account === account);
  return {
    roles: roles.filter(({ members }) => members.includes(account)).map(({ name }) => name),
    kinds: shown?.status === "active" ? shown.kinds : [],
    canPay: purse.gasPrice === 0n || purse.balance > 0n,
  };
}
