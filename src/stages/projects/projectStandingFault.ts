import type { ProjectState } from "./ports.ts";
import type { ProjectRecordCode } from "./reasonCodes.ts";

/** Why nothing of a project counts in a state; null where it counts. */
export function projectStandingFault(state: ProjectState): ProjectRecordCode | null {
  if (state === "expired") return "project.expired";
  const isRegistered = state !== "proposed" && state !== "noticed" && state !== "retracted";
  return isRegistered ? null : "project.not-registered";
}
