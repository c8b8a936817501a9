import { listProjects } from "../../adapters/storage/projects/listProjects.ts";
import { UnknownError } from "../../base/errors/errors.ts";
import { providerId } from "../../base/lib/ids.ts";
import { parseProject } from "../../stages/projects/parseProject.ts";
import type { Project } from "../../stages/projects/ports.ts";
import type { Context } from "../context.ts";

/** The tenant's project of an id. @throws UnknownError `project.unknown`; InputError `id.malformed` */
export async function knownProject(
  { db, tenant }: Pick<Context, "db" | "tenant">,
  id: string,
): Promise<Project> {
  const [found] = await listProjects(db, tenant, parseProject, providerId(id));
  if (found) return found;
  throw new UnknownError("project.unknown", `There is no project ${id} here.`, {
    remedy: { act: "list-projects" },
  });
}
