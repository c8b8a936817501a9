import { StateError } from "../../base/errors/errors.ts";
import type { ProjectContent } from "./ports.ts";

/** A project can't take a step. @param why goes on behind the project's id, and says what to do */
export function projectRefusal(code: string, { id }: Pick<ProjectContent, "id">, why: string): StateError {
  return new StateError(`project.${code}`, `Project ${id} ${why}`);
}
