import { tmpdir } from "node:os";
import { MicrotonneError } from "../../base/errors/errors.ts";
import type { Remedy } from "../../base/errors/remedy.ts";
import type { Config } from "../process/config.ts";

/** What went wrong, for whoever asks later. The door that tells it says the remedy in its own words. */
export interface Problem {
  readonly code: string;
  readonly detail: string;
  /** Left out where there is none. */
  readonly remedy?: Remedy;
}

/**
 * The code and sentence of an error, without a path of the machine that the service runs on; of one that was
 * not foreseen only that it was: its text may hold anything.
 */
export function problemOf(error: unknown, { folder }: Pick<Config, "folder">): Problem {
  if (!(error instanceof MicrotonneError))
    return { code: "unexpected", detail: "Something broke that nobody foresaw; the operator's log has it." };
  const { code, message, remedy } = error;
  const detail = withoutPaths(message, [folder, process.cwd(), tmpdir()]);
  return { code, detail, ...(remedy !== null && { remedy }) };
}

/** Nobody outside is told where on its machine the service keeps something. */
function withoutPaths(sentence: string, folders: readonly string[]): string {
  return folders
    .filter((folder) => folder.length > 1)
    .reduce(
      (text, folder) =>
        text.replaceAll(new RegExp(`${escaped(folder)}[^\\s"'\`,;)]*`, "g"), "a file of the service"),
      sentence,
    );
}

function escaped(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`);
}
