import { InvalidArgumentError, type Command } from "commander";
import { appointCalls } from "../../../../app/network/appointCalls.ts";
import { networkParticipants } from "../../../../app/network/networkParticipants.ts";
import { InputError } from "../../../../base/errors/errors.ts";
import { parseInstant } from "../../../../base/lib/time/parseInstant.ts";
import { ADDRESS_ANY_CASE, COUNTRY_CODE } from "../../../../base/lib/textPatterns.ts";
import type { Address } from "../../../../base/types/ids.ts";
import { PARTICIPANT_KINDS, type ParticipantKind } from "../../../../base/types/participantKinds.ts";
import type { UnixSeconds } from "../../../../base/types/quantities.ts";
import { act, optionOf } from "../../command.ts";
import { actOnNetwork } from "./actOnNetwork.ts";
import { addFirmOptions, firmIdOf, type FirmOptions } from "./firmOptions.ts";
import { withNode } from "./withNode.ts";

interface AppointOptions extends FirmOptions {
  kind: ParticipantKind[];
  country: string;
  until?: UnixSeconds;
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
    );
  addFirmOptions(appoint, "the firm whose wallet it is, for good (default: as it is on chain)");
  appoint.addHelpText(
    "after",
    `
The kinds given are all that it is from then on. A firm's code goes to the key service of this folder's \
settings and never on chain: one firm has one id there, and counts once however many wallets it has. Signs \
with the key of this folder that the appointer's role knows; where there is none, the call is written out \
for whoever has it, and the exit code is 4. Where the role's calls wait, the first run schedules it and a \
later one makes it.

Example:
  microtonne network participants appoint 0x70997970c51812dc3a010c7d01b50e0d17dc79c8 \\
    --kind operator --country CN --firm USCC:91350100M000100Y43`,
  );
  actOnNetwork<AppointOptions>(appoint, async (context, chain, options, address = "") =>
    appointCalls(chain, [
      {
        account: accountOf(address),
        kinds: options.kind,
        country: options.country,
        expiry: options.until ?? null,
        firmId: await firmIdOf(context, options),
      },
    ]),
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
