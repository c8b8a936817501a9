import type { Address, Hex } from "../../../../../src/base/types/ids.ts";
import type { ParticipantKind } from "../../../../../src/base/types/participantKinds.ts";
import type { ChainParticipant } from "../../../../../src/stages/network/ports.ts";

export const account = (nibble: string): Address => `0x${nibble.repeat(40)}`;
export const firm = (nibble: string): Hex => `0x${nibble.repeat(32)}`;

/** An active participant of no firm. */
export function participant(
  nibble: string,
  kinds: readonly ParticipantKind[],
  more: Partial<ChainParticipant> = {},
): ChainParticipant {
  return {
    account: account(nibble),
    status: "active",
    kinds,
    country: "CN",
    expiry: null,
    firmId: firm("0"),
    ...more,
  };
}
