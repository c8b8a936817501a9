import { InvalidArgumentError, Option, type Command } from "commander";
import type { Context } from "../../../../app/context.ts";
import { parseFirmCode } from "../../../../base/lib/parseFirmCode.ts";
import type { FirmCode } from "../../../../base/types/firmCode.ts";
import type { Hex } from "../../../../base/types/ids.ts";

/** A firm by its code, or by the id that the key service makes of it. */
export interface FirmOptions {
  firm?: FirmCode;
  firmId?: Hex;
}

/** Gives a command `--firm` and `--firm-id`. @param what whose firm it is */
export function addFirmOptions(command: Command, what: string): void {
  command
    .option("--firm <code>", `${what}, LEI:… or USCC:…`, firmCode)
    .addOption(
      new Option("--firm-id <id>", "the firm by its id, as whoever runs the key service tells it")
        .argParser(firmId)
        .conflicts("firm"),
    );
}

/** The firm's id, 16 bytes; null where the options name none. */
export async function firmIdOf(
  { keys }: Pick<Context, "keys">,
  { firm, firmId: id }: FirmOptions,
): Promise<Hex | null> {
  return firm ? keys.firms.firmId(firm) : (id ?? null);
}

function firmCode(text: string): FirmCode {
  const code = parseFirmCode(text);
  if (code === null)
    throw new InvalidArgumentError("A firm is LEI: or USCC: and its code; a check digit may be wrong.");
  return code;
}

function firmId(text: string): Hex {
  if (/^0x[0-9a-f]{32}$/i.test(text)) return text.toLowerCase() as Hex;
  throw new InvalidArgumentError("A firm's id is 0x and 32 hex digits.");
}
