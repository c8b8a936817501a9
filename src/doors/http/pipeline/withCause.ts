import type { Problem } from "../../../app/service/problemOf.ts";
import { saidByRoutes } from "./saidByRoutes.ts";

/** What work came to, with the cause of its failure in the words of the service. */
export function withCause<Work extends { readonly problem: Problem | null }>(work: Work) {
  return { ...work, problem: work.problem === null ? null : saidByRoutes(work.problem) };
}
