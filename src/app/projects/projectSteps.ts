import type { ProjectSteps } from "../../adapters/storage/projects/stepProject.ts";
import { canonicalJson } from "../../format/canonicalJson.ts";
import { decideProjectStep } from "../../stages/projects/decideProjectStep.ts";
import { parseProject } from "../../stages/projects/parseProject.ts";
import type { ProjectEvent } from "../../stages/projects/ports.ts";
import { decisionHash } from "../../stages/decisions/decisionHash.ts";

/** The stages' decisions about projects, for the transaction that writes them down. */
export const projectSteps: ProjectSteps = {
  parse: parseProject,
  decide: decideProjectStep,
  hash: decisionHash,
  said,
};

/** Everything of an event but who did what when, and what its key may do. */
function said(event: ProjectEvent): string {
  const { what: _what, by: _by, at: _at, ...rest } = event;
  const { regions: _regions, ...own } = { regions: null, ...rest };
  return canonicalJson(own);
}
