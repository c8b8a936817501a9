import { InvalidArgumentError, type Command } from "commander";
import { cashCalls } from "../../../../app/network/cashCalls.ts";
import { optionOf } from "../../command.ts";
import { actOnNetwork } from "./actOnNetwork.ts";
import { addFirmOptions, firmIdOf, type FirmOptions } from "./firmOptions.ts";

interface Options extends FirmOptions {
  limit?: bigint;
}

/** `microtonne network cash`: the bank that issues a network's settlement cash, and how much it may. */
export function addCash(network: Command): void {
  const cash = network
    .command("cash")
    .description("As the network's governor: whose the settlement cash is, and how much may circulate.");
  addFirmOptions(cash, "the bank that issues it, for good");
  cash
    .option(
      "--limit <amount>",
      "base units (10^-6) that may be in circulation, more than may now",
      optionOf(baseUnits),
    )
    .addHelpText(
      "after",
      `
A token of bank money is one bank's, for good. Its wallets (participants appoint --kind cash-issuer, of the \
same firm) issue up to the limit, and only while their daily reserve statement covers it \
(SettlementCash.stateReserve). The limit is raised under the governor's delay; the bank and any regulator \
lower it at once.

Example:
  microtonne network cash --firm LEI:HARBOUR00000000BNK49 --limit 1000000000000`,
    );
  actOnNetwork<Options>(cash, async (context, chain, options) =>
    cashCalls(chain, { firmId: await firmIdOf(context, options), limit: options.limit ?? null }),
  );
}

/** Below 2^256, as the token keeps them. */
function baseUnits(text: string): bigint {
  if (/^[1-9]\d{0,75}$/.test(text)) return BigInt(text);
  throw new InvalidArgumentError("A limit is a whole number of base units above 0.");
}
