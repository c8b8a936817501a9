import { StateError } from "../../base/errors/errors.ts";
import type { Remedy } from "../../base/errors/remedy.ts";
import type { ProjectContent } from "./ports.ts";

/** A project can't take a step. @param why goes on behind the project's id */
export function projectRefusal(
  code: string,
  { id }: Pick<ProjectContent, "id">,
  why: string,
  remedy: Remedy | null = null,
): StateError {
  return new StateError(`project.${code}`, `Project ${id} ${why}`, { remedy });
}
