import type { Remedy } from "../../../../src/base/errors/remedy.ts";
import type { BatchId } from "../../../../src/base/types/ids.ts";

export const BATCH = `0x${"ab".repeat(32)}` as BatchId;

/** One of each act; the type keeps the list whole. */
const REMEDIES: { readonly [Act in Remedy["act"]]: Extract<Remedy, { act: Act }> } = {
  "name-other-folder": { act: "name-other-folder" },
  "name-data-folder": { act: "name-data-folder" },
  "set-key-service": { act: "set-key-service" },
  "replace-network-file": { act: "replace-network-file" },
  "name-password-file": { act: "name-password-file" },
  "make-signer-key": { act: "make-signer-key" },
  "name-firm": { act: "name-firm" },
  "split-file": { act: "split-file" },
  "put-lookup": { act: "put-lookup", name: "stations.csv" },
  "name-signature-output": { act: "name-signature-output" },
  "send-signature": { act: "send-signature" },
  "make-provider-key": { act: "make-provider-key" },
  "list-provider-keys": { act: "list-provider-keys" },
  "add-provider-key": { act: "add-provider-key" },
  "admit-unsigned-acts": { act: "admit-unsigned-acts" },
  "list-methodologies": { act: "list-methodologies" },
  "publish-methodology": { act: "publish-methodology" },
  "list-rules": { act: "list-rules" },
  "name-proposer": { act: "name-proposer" },
  "withdraw-methodology": { act: "withdraw-methodology", methodology: "OUR-METRO@1" },
  "add-class-list": { act: "add-class-list" },
  "name-class-list": { act: "name-class-list" },
  "list-projects": { act: "list-projects" },
  "show-project": { act: "show-project", project: "roof-pv" },
  "take-project-step": { act: "take-project-step", step: "close-batch" },
  "give-reason": { act: "give-reason" },
  "answer-objections": { act: "answer-objections", project: "roof-pv" },
  "give-registration": { act: "give-registration" },
  "list-batches": { act: "list-batches" },
  "ingest-or-list-batches": { act: "ingest-or-list-batches" },
  "report-behaviour": { act: "report-behaviour" },
  "finish-closing": {
    act: "finish-closing",
    closing: { region: "WUHAN", vintage: 2025, category: "project" },
  },
  "mint-batch": { act: "mint-batch", batchId: BATCH },
  "mint-or-reopen-batches": { act: "mint-or-reopen-batches", batchId: BATCH },
  "reopen-batch": { act: "reopen-batch", batchId: null },
  "hand-out-package": { act: "hand-out-package", attestations: 2 },
  "name-verification": { act: "name-verification" },
  "name-archive": { act: "name-archive" },
  "verify-archive": { act: "verify-archive", batchId: BATCH, path: "/data/archive/0xab" },
  "name-reporting-year": { act: "name-reporting-year" },
  "name-claim-country": { act: "name-claim-country" },
};

/** Every act, and each step that a project may take. */
export const EVERY_REMEDY: readonly Remedy[] = [
  ...Object.values(REMEDIES),
  ...(["propose", "notice", "register", "monitor", "verify"] as const).map((step): Remedy => ({
    act: "take-project-step",
    step,
  })),
];
