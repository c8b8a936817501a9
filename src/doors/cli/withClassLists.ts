import type { RuleFile } from "../../app/rules/readRuleFile.ts";
import { withClassFiles } from "../../app/rules/withClassFiles.ts";
import { CheckFailedError } from "../../base/errors/errors.ts";
import { SHIPPED_CLASS_LISTS, type ClassLists } from "../../format/batch/classes/classLists.ts";
import { inFolder } from "./inFolder.ts";
import type { Run } from "./command.ts";

/** How a batch is refused whose list is in none that the check was given. */
const UNKNOWN_LIST: ReadonlySet<string> = new Set(["verify.scenario-classes", "archive.scenario-classes"]);

/**
 * Checks with the lists of scenario classes that ship and those of `files`, and, where a batch names another
 * one, again with those of the data folder beside them: what needs no folder opens none.
 * @throws InputError as `withClassFiles`
 */
export async function withClassLists<T>(
  run: Run,
  files: readonly RuleFile[],
  check: (lists: ClassLists) => Promise<T>,
): Promise<T> {
  try {
    return await check(withClassFiles(SHIPPED_CLASS_LISTS, files));
  } catch (error) {
    if (!(error instanceof CheckFailedError) || !UNKNOWN_LIST.has(error.code)) throw error;
    const own = await inFolder(run, (folder) => Promise.resolve(folder?.classLists ?? null));
    if (own === null || own === SHIPPED_CLASS_LISTS) throw error;
    return check(withClassFiles(own, files));
  }
}
