import type { ProjectStanding, ReportedPeriod } from "./ports.ts";

/** The periods of a project that were monitored, or those that were verified, in the order of their steps. */
export function reportedPeriods(
  { decisions }: Pick<ProjectStanding, "decisions">,
  what: "monitor" | "verify",
): ReportedPeriod[] {
  return decisions
    .filter((decision) => decision.what === what)
    .map(({ said }) => (JSON.parse(said) as { report: ReportedPeriod }).report);
}
