import { stepProject } from "../../adapters/storage/projects/stepProject.ts";
import { InputError } from "../../base/errors/errors.ts";
import { parseJsonFile } from "../../base/lib/parseJsonFile.ts";
import { parseProject } from "../../stages/projects/parseProject.ts";
import type { Project } from "../../stages/projects/ports.ts";
import { operatorOf } from "../chain/operatorOf.ts";
import type { Context } from "../context.ts";
import { projectSteps } from "./projectSteps.ts";

/** A project's file as its bytes have it. */
export interface ProjectFile {
  /** For sentences: the file's name, never its path. */
  readonly name: string;
  readonly bytes: Uint8Array;
}

/**
 * An operator proposes a project: it is kept with the operator's address, and nothing of it counts before the
 * region's registrar has registered it. The same file twice is one proposal.
 * @throws InputError `file.json` as `parseJsonFile`, `project.schema`; StateError `project.id-taken`
 */
export async function proposeProject(context: Context, { name, bytes }: ProjectFile): Promise<Project> {
  const value = parseJsonFile(bytes, name);
  try {
    const { address } = await operatorOf(context);
    const event = { what: "propose", by: address, at: context.clock.now() } as const;
    return await stepProject(context.db, context.tenant, parseProject(value), event, projectSteps);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    throw new InputError(error.code, `${name}: ${error.message}`, { cause: error });
  }
}
