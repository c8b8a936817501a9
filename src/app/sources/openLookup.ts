import { createReadStream } from "node:fs";
import { basename, dirname, join } from "node:path";
import { InputError } from "../../base/errors/errors.ts";

/**
 * Opens a profile's lookup file: in `folder`, else beside the provider's file, else (standard input) in the
 * working folder. Profiles name these files, so a name may not lead out of the folder.
 * @throws InputError `lookup.name`
 */
export function openLookup(
  name: string,
  { file, folder }: { file: string; folder: string | null },
): AsyncIterable<Uint8Array> {
  if (name === "" || name !== basename(name) || name.startsWith(".")) {
    throw new InputError(
      "lookup.name",
      `A profile's lookup file is a plain file name, not ${JSON.stringify(name)}.`,
    );
  }
  // Standard input, "-", stands in the working folder like any bare name.
  return createReadStream(join(folder ?? dirname(file), name));
}
