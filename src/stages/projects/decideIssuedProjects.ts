import type { ProviderId } from "../../base/types/ids.ts";
import type { Project } from "./ports.ts";

/**
 * Which projects of a batch are issued once the chain shows it as minted: those that are verified. One that
 * has been monitored anew since stays as it is, and so does one that has expired.
 * @param ids the batch's projects
 * @param projects the tenant's
 */
export function decideIssuedProjects(ids: readonly ProviderId[], projects: readonly Project[]): Project[] {
  return projects.filter(({ id, state }) => state === "verified" && ids.includes(id));
}
