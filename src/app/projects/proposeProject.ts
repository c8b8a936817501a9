import { stepProject } from "../../adapters/storage/projects/stepProject.ts";
import { InputError } from "../../base/errors/errors.ts";
import { parseJsonFile } from "../../base/lib/json/parseJsonFile.ts";
import { localDay } from "../../base/lib/time/zone.ts";
import type { UnixSeconds } from "../../base/types/quantities.ts";
import { knownClass } from "../../format/batch/classes/classLists.ts";
import { parseProject } from "../../stages/projects/parseProject.ts";
import type { Project, ProjectContent } from "../../stages/projects/ports.ts";
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
 * @throws InputError `file.json` as `parseJsonFile`, `project.schema`, `scenario.unknown`,
 * `project.asset-kind`; StateError `project.id-taken`
 */
export async function proposeProject(context: Context, { name, bytes }: ProjectFile): Promise<Project> {
  const value = parseJsonFile(bytes, name);
  await context.refreshRules();
  try {
    const project = parseProject(value);
    const at = context.clock.now();
    checkClasses(context, project, at);
    const { address } = await operatorOf(context);
    const event = { what: "propose", by: address, at } as const;
    return await stepProject(context.db, context.tenant, project, event, projectSteps);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    throw new InputError(error.code, `${name}: ${error.message}`, { cause: error, remedy: error.remedy });
  }
}

/**
 * Its classes are published ones, and what it excludes can be told by the assets that it counts: acts that
 * name no such asset would never be held against it.
 */
function checkClasses(
  { classLists, plausibility, methodologies }: Context,
  { scenario, excludes, installationKind, region }: ProjectContent,
  at: UnixSeconds,
): void {
  const today = localDay(methodologies.timeZoneOf(region) ?? "UTC", at);
  for (const name of [scenario, ...excludes]) {
    knownClass(name, classLists.newest);
    const kinds = plausibility.assetKinds(name, region, today);
    if (!kinds.includes(installationKind))
      throw new InputError(
        "project.asset-kind",
        `"installations.kind" is ${installationKind}, and records of ${name} name ${kinds.join(", ")}. ` +
          "Write one of these" +
          (name === scenario ? "." : ', or leave the class out of "excludes".'),
      );
  }
}
