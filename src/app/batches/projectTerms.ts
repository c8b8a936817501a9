import { listProjects } from "../../adapters/storage/projects/listProjects.ts";
import { StateError } from "../../base/errors/errors.ts";
import { toHex, utf8 } from "../../base/lib/bytes.ts";
import type { ProviderId } from "../../base/types/ids.ts";
import type { Manifest2, ManifestProject } from "../../format/batch/manifest.ts";
import { canonicalJson } from "../../format/canonicalJson.ts";
import { keccak } from "../../format/keccak.ts";
import { parseProject } from "../../stages/projects/parseProject.ts";
import type { Context } from "../context.ts";

/**
 * What the manifest of a batch of projects says of them. The title is the document by which the one project's
 * owner lets the operator pool; of several, the hash of the canonical JSON of all of them by project.
 * @param ids ascending: the batch's providers
 * @throws StateError `project.unknown`
 */
export async function projectTerms(
  { db, tenant }: Pick<Context, "db" | "tenant">,
  ids: readonly ProviderId[],
): Promise<Pick<Manifest2, "projects" | "title">> {
  const known = new Map((await listProjects(db, tenant, parseProject)).map((one) => [one.id, one]));
  const owners: { id: ProviderId; documentHash: string }[] = [];
  const projects = ids.map((id): ManifestProject => {
    const project = known.get(id);
    if (project?.registration === null || project === undefined)
      throw new StateError(
        "project.unknown",
        `The batch holds months of ${id}, which is no registered project.`,
      );
    owners.push({ id, documentHash: project.ownerHash });
    const { name, registration, creditingPeriod, place, baselineHash, excludes } = project;
    return { id, name, registration, creditingPeriod, place, baselineHash, excludes };
  });
  const [only] = owners;
  const documentHash =
    owners.length === 1 && only
      ? (only.documentHash as Manifest2["title"]["documentHash"])
      : toHex(keccak(utf8(canonicalJson(owners))));
  return { projects, title: { kind: "project-owner", documentHash } };
}
