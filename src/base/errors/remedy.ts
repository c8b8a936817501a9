import type { BatchId } from "../types/ids.ts";

/**
 * What somebody can do about a refusal: a closed list of acts with their arguments. An error carries one as
 * data, and each door says it in its own words (`doors/cli/saidByCommands.ts`,
 * `doors/http/pipeline/saidByRoutes.ts`): the command line names commands and options, the service routes
 * and members of a body.
 */
export type Remedy =
  // The data folder, its network and keys.
  | { readonly act: "name-other-folder" }
  | { readonly act: "name-data-folder" }
  | { readonly act: "set-key-service" }
  | { readonly act: "replace-network-file" }
  | { readonly act: "name-password-file" }
  | { readonly act: "make-signer-key" }
  | { readonly act: "name-firm" }
  // Files and their signatures.
  | { readonly act: "split-file" }
  | { readonly act: "put-lookup"; readonly name: string }
  | { readonly act: "name-signature-output" }
  | { readonly act: "send-signature" }
  | { readonly act: "make-provider-key" }
  | { readonly act: "list-provider-keys" }
  | { readonly act: "add-provider-key" }
  | { readonly act: "admit-unsigned-acts" }
  // Rules.
  | { readonly act: "list-methodologies" }
  | { readonly act: "publish-methodology" }
  | { readonly act: "list-rules" }
  | { readonly act: "name-proposer" }
  | { readonly act: "withdraw-methodology"; readonly methodology: string }
  | { readonly act: "add-class-list" }
  | { readonly act: "name-class-list" }
  // Projects.
  | { readonly act: "list-projects" }
  | { readonly act: "show-project"; readonly project: string }
  | { readonly act: "take-project-step"; readonly step: ProjectAct }
  | { readonly act: "give-reason" }
  | { readonly act: "answer-objections"; readonly project: string }
  | { readonly act: "give-registration" }
  // Batches.
  | { readonly act: "list-batches" }
  | { readonly act: "ingest-or-list-batches" }
  | { readonly act: "report-behaviour" }
  | { readonly act: "finish-closing"; readonly closing: ClosingNamed }
  | { readonly act: "mint-batch"; readonly batchId: BatchId }
  | { readonly act: "mint-or-reopen-batches"; readonly batchId: BatchId }
  | { readonly act: "reopen-batch"; readonly batchId: BatchId | null }
  | { readonly act: "hand-out-package"; readonly attestations: number }
  | { readonly act: "name-verification" }
  // Proofs and retirements.
  | { readonly act: "name-archive" }
  | { readonly act: "verify-archive"; readonly batchId: BatchId; readonly path: string }
  | { readonly act: "name-reporting-year" }
  | { readonly act: "name-claim-country" };

/** What is done to a project next. `close-batch`: a batch of it is closed and minted. */
export type ProjectAct = "propose" | "notice" | "register" | "monitor" | "verify" | "close-batch";

/** What a closing is told from others by. */
export interface ClosingNamed {
  readonly region: string;
  readonly vintage: number;
  readonly category: "act" | "project";
}
