import type { ProjectSteps } from "../../adapters/storage/projects/stepProject.ts";
import { decisionHash } from "../../stages/decisions/decisionHash.ts";
import { decideProjectStep } from "../../stages/projects/decideProjectStep.ts";
import { parseProject } from "../../stages/projects/parseProject.ts";
import { projectSaid } from "../../stages/projects/projectSaid.ts";

/** The stages' decisions about projects, for the transaction that writes them down. */
export const projectSteps: ProjectSteps = {
  parse: parseProject,
  decide: decideProjectStep,
  hash: decisionHash,
  said: projectSaid,
};
