import { InvalidArgumentError, type Command } from "commander";
import {
  classListCalls,
  keySchemeCall,
  keySchemeCalls,
  methodologyCalls,
} from "../../../../app/network/publishCalls.ts";
import { UsageError } from "../../../../base/errors/errors.ts";
import { regionCode } from "../../../../base/lib/ids.ts";
import { WORD32_ANY_CASE } from "../../../../base/lib/textPatterns.ts";
import type { Hex, RegionCode } from "../../../../base/types/ids.ts";
import { optionOf } from "../../command.ts";
import { yearOf } from "../../yearOf.ts";
import { actOnNetwork } from "./actOnNetwork.ts";

/** `microtonne network publish`: what batches of a network may be made with. */
export function addPublish(network: Command): void {
  const publish = network
    .command("publish")
    .description("Put on chain what batches may be made with: methodologies, lists, key schemes.")
    .addHelpText("after", "\nExample:\n  microtonne network publish methodologies --region WUHAN");
  addMethodologies(publish);
  addClasses(publish);
  addKeyScheme(publish);
}

function addMethodologies(publish: Command): void {
  const methodologies = publish
    .command("methodologies")
    .description("As the registrar: publish methodology versions that ship with the program.")
    .argument("[code...]", "only these, by code or code@version (default: all of the regions)")
    .option(
      "--region <code>",
      "of this region; again for a further one (default: the registrar's regions, else all)",
      (text, regions: RegionCode[] | undefined) => [...(regions ?? []), optionOf(regionCode)(text)],
    )
    .addHelpText(
      "after",
      `
What exists for tests counts on a local network only and is left out elsewhere. A methodology of one's own \
is proposed and published by \`microtonne methodology\`.

Example:
  microtonne network publish methodologies WUHAN-BUS WUHAN-METRO`,
    );
  actOnNetwork<{ region?: RegionCode[] }>(methodologies, (context, chain, { region }, ...codes) => {
    const regions = region ?? context.config.registrar?.regions ?? null;
    return Promise.resolve(methodologyCalls(chain, { regions, codes }, context.local));
  });
}

function addClasses(publish: Command): void {
  const classes = publish
    .command("classes")
    .description("As the registrar: publish the versions of the list of scenario classes that ship.")
    .addHelpText("after", "\nExample:\n  microtonne network publish classes");
  actOnNetwork(classes, (_context, chain) => Promise.resolve(classListCalls(chain)));
}

function addKeyScheme(publish: Command): void {
  const scheme = publish
    .command("key-scheme")
    .description("As the network's governor: let batches in that were made with a key service's keys.")
    .option(
      "--vintage <year>",
      "the key service of this folder's settings, for batches of this vintage",
      optionOf(yearOf("A vintage", 2000, 2099)),
    )
    .option("--hash <hash>", "a key scheme by its hash, as whoever runs the key service tells it", word)
    .addHelpText(
      "after",
      `
A vintage of a zone reaches into the UTC year before or after it, so --vintage allows three schemes: of the \
year alone, and with the year on either side.

Examples:
  microtonne network publish key-scheme --vintage 2025
  microtonne network publish key-scheme --hash 0x51c0…`,
    );
  actOnNetwork<{ vintage?: number; hash?: Hex }>(scheme, async (context, chain, { vintage, hash }) => {
    if ((vintage === undefined) === (hash === undefined))
      throw new UsageError("network.key-scheme", "Give either --vintage or --hash.");
    return hash === undefined
      ? keySchemeCalls(chain, context.keys.activities, vintage as number)
      : [keySchemeCall(chain, hash)];
  });
}

function word(text: string): Hex {
  if (!WORD32_ANY_CASE.test(text)) throw new InvalidArgumentError("A hash is 0x and 64 hex digits.");
  return text.toLowerCase() as Hex;
}
