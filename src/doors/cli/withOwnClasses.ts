import { hasDatabase } from "../../app/process/hasDatabase.ts";
import { InputError } from "../../base/errors/errors.ts";
import type { ClassList } from "../../format/batch/classes/classLists.ts";
import type { Run } from "./command.ts";

/**
 * Works with the scenario classes that ship, and, where one is named that is not among them, again with those
 * that were published in the data folder: what needs no folder opens none.
 */
export async function withOwnClasses<T>(
  run: Run,
  work: (classes: ClassList | undefined) => Promise<T>,
): Promise<T> {
  try {
    return await work(undefined);
  } catch (error) {
    const isUnknown = error instanceof InputError && error.code === "scenario.unknown";
    if (!isUnknown || !hasDatabase(run.config)) throw error;
    return run.withContext(({ classLists }) => work(classLists.newest));
  }
}
