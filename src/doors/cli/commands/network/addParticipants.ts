import { InvalidArgumentError, type Command } from "commander";
import { appointCalls, contractParticipants } from "../../../../app/network/appointCalls.ts";
import { networkParticipants } from "../../../../app/network/networkParticipants.ts";
import { InputError } from "../../../../base/errors/errors.ts";
import { parseInstant } from "../../../../base/lib/time/parseInstant.ts";
import { ADDRESS_ANY_CASE, COUNTRY_CODE, WORD32_ANY_CASE } from "../../../../base/lib/textPatterns.ts";
import type { Address, Hex } from "../../../../base/types/ids.ts";
import { PARTICIPANT_KINDS, type ParticipantKind } from "../../../../base/types/participantKinds.ts";
import type { UnixSeconds } from "../../../../base/types/quantities.ts";
import { act, optionOf } from "../../command.ts";
import { actOnNetwork } from "./actOnNetwork.ts";
import { withNode } from "./withNode.ts";

interface AppointOptions {
  kind: ParticipantKind[];
  country: string;
  until?: UnixSeconds;
  identityHash?: Hex;
}

/** `microtonne network participants`: who may hold and act on a network. */
export function addParticipants(network: Command): void {
  const participants = network
    .command("participants")
    .description("Who may hold credits and act on a network: list, appoint.")
    .addHelpText("after", "\nExample:\n  microtonne network participants list");
  const list = participants
    .command("list")
    .description("All participants that the network's registry knows.")
    .addHelpText("after", "\nExample:\n  microtonne network participants list --json");
  act(list, async (run) => {
    const known = await withNode(run.config, (place) => networkParticipants(place));
    const lines = known.map(({ account, kinds, status, country, expiry }) => {
      const end = expiry === null ? "" : `, until ${expiry}`;
      return `${account} ${status.padEnd(9)} ${country} ${kinds.join(", ")}${end}`;
    });
    run.io.result(known, lines.length === 0 ? "no participants yet" : lines.join("\n"));
    return undefined;
  });
  addAppoint(participants);
  addContracts(participants);
}

function addAppoint(participants: Command): void {
  const appoint = participants
    .command("appoint")
    .description("As the network's appointer: make an account a participant, of any kinds.")
    .argument("<address>", "the account, 0x and 40 hex digits")
    .requiredOption(
      "--kind <kind>",
      `what it may do; again for a further kind: ${Object.keys(PARTICIPANT_KINDS).join(", ")}`,
      (text, kinds: ParticipantKind[] | undefined) => [...(kinds ?? []), participantKind(text)],
    )
    .requiredOption("--country <code>", "its country, ISO 3166-1 alpha-2", countryCode)
    .option(
      "--until <time>",
      "last second, such as 2027-12-31T00:00:00Z (default: no end)",
      optionOf(parseInstant),
    )
    .option(
      "--identity-hash <hash>",
      "salted hash of its legal identifier (default: as it is on chain; none where it is new)",
      word,
    )
    .addHelpText(
      "after",
      `
The kinds given are all that it is from then on. Signs with the key of this folder that the appointer's role \
knows; where there is none, the call is written out for whoever has it, and the exit code is 4. Where the \
role's calls wait, the first run schedules it and a later one makes it.

Example:
  microtonne network participants appoint 0x70997970c51812dc3a010c7d01b50e0d17dc79c8 \\
    --kind operator --country CN`,
    );
  actOnNetwork<AppointOptions>(appoint, (_context, chain, options, address = "") =>
    appointCalls(chain, [
      {
        account: accountOf(address),
        kinds: options.kind,
        country: options.country,
        expiry: options.until ?? null,
        identityHash: options.identityHash ?? null,
      },
    ]),
  );
}

function addContracts(participants: Command): void {
  const contracts = participants
    .command("contracts")
    .description("As the network's appointer: admit the contracts that act as participants themselves.")
    .requiredOption("--country <code>", "the network's country, ISO 3166-1 alpha-2", countryCode)
    .addHelpText(
      "after",
      `
The disputes' contract holds bonds (custodian), the factory makes pools (pool-factory). A deployment leaves \
both undone, as no role of the deployer's may do it.

Example:
  microtonne network participants contracts --country CN`,
    );
  actOnNetwork<{ country: string }>(contracts, (_context, chain, { country }) =>
    appointCalls(chain, contractParticipants(chain.deployment, country)),
  );
}

function participantKind(text: string): ParticipantKind {
  if (text in PARTICIPANT_KINDS) return text as ParticipantKind;
  throw new InvalidArgumentError(
    `${JSON.stringify(text.slice(0, 40))} is no kind of participant; there are ` +
      `${Object.keys(PARTICIPANT_KINDS).join(", ")}.`,
  );
}

function countryCode(text: string): string {
  if (COUNTRY_CODE.test(text)) return text;
  throw new InvalidArgumentError("A country is an ISO 3166-1 alpha-2 code, such as CN.");
}

function accountOf(text: string): Address {
  if (ADDRESS_ANY_CASE.test(text)) return text.toLowerCase() as Address;
  throw new InputError("participant.account", "An account is 0x and 40 hex digits.");
}

function word(text: string): Hex {
  if (WORD32_ANY_CASE.test(text)) return text.toLowerCase() as Hex;
  throw new InvalidArgumentError("A hash is 0x and 64 hex digits.");
}
