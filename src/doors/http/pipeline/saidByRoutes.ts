import type { Problem } from "../../../app/service/problemOf.ts";
import type { ProjectAct } from "../../../base/errors/remedy.ts";
import { sentenceOf, type RemedySentences } from "../../../base/errors/sentenceOf.ts";

/** Acts that no route does: who runs the service does them, on its machine. */
const OPERATOR = "The service's operator";

const PROJECT_ACTS: Readonly<Record<ProjectAct, string>> = {
  propose: `${OPERATOR} proposes projects.`,
  notice: `${OPERATOR} and the registrar take this step.`,
  register: `${OPERATOR} and the registrar take this step.`,
  monitor: `${OPERATOR} hands the report in.`,
  verify: `${OPERATOR} and the registrar take this step.`,
  "close-batch": "`POST /v1/batches` closes a batch.",
};

/** What to do about a refusal, in the words of the service: its routes, and members of their bodies. */
const SENTENCES: RemedySentences = {
  "name-other-folder": () => `${OPERATOR} names another one.`,
  "name-data-folder": () => `${OPERATOR} names its data folder.`,
  "set-key-service": () => `${OPERATOR} sets the key service.`,
  "replace-network-file": () => `${OPERATOR} uses another data folder, or replaces it.`,
  "name-password-file": () => `${OPERATOR} names the file that holds it.`,
  "make-signer-key": () => `${OPERATOR} makes one.`,
  "name-firm": () => `${OPERATOR} says which.`,
  "split-file": () => "Split the file.",
  "put-lookup": ({ name }) => `Put it: \`PUT /v1/lookups/${encodeURIComponent(name)}\`.`,
  "name-signature-output": () => "Send the file by its name.",
  "send-signature": () => "Ask the provider for its .sig.json, and send it as Microtonne-Signature.",
  "make-provider-key": () => "The provider makes one.",
  "list-provider-keys": () => "`GET /v1/provider-keys` shows all.",
  "add-provider-key": () => "If the provider confirms the key, `POST /v1/providers/{provider}/keys` adds it.",
  "admit-unsigned-acts": () => 'Or add it with `"required": false`.',
  "list-methodologies": () => "`GET /v1/methodologies` shows all.",
  "publish-methodology": () =>
    "`GET /v1/methodologies` shows all; `POST /v1/methodologies` proposes one of your own.",
  "list-rules": () => `${OPERATOR} lists all.`,
  "name-proposer": () => `${OPERATOR} says it.`,
  "withdraw-methodology": ({ methodology }) => `The registrar withdraws ${methodology}.`,
  "add-class-list": () => `${OPERATOR} adds the list that the registry published.`,
  "name-class-list": () => `${OPERATOR} adds the list.`,
  "list-projects": () => `${OPERATOR} lists all, and proposes new ones.`,
  "show-project": () => `${OPERATOR} has it.`,
  "take-project-step": ({ step }) => PROJECT_ACTS[step],
  "give-reason": () => `${OPERATOR} gives it.`,
  "answer-objections": () => `${OPERATOR} and the registrar answer them.`,
  "give-registration": () => "The registrar gives it.",
  "list-batches": () => "`GET /v1/batches` shows all.",
  "ingest-or-list-batches": () =>
    "Send some first (`POST /v1/activities`), or see `GET /v1/batches`: an earlier call may have closed " +
    "them.",
  "report-behaviour": () => `${OPERATOR} has the report of what it comes to.`,
  "finish-closing": ({ closing }) => `Send \`POST /v1/batches\` with ${JSON.stringify(closing)}.`,
  "mint-batch": ({ batchId }) => `\`POST /v1/batches/${batchId}/mint\` goes on with it.`,
  "mint-or-reopen-batches": ({ batchId }) =>
    `\`POST /v1/batches/${batchId}/mint\` mints it. ${OPERATOR} gives a batch up.`,
  "reopen-batch": () => `${OPERATOR} does it.`,
  "hand-out-package": ({ attestations }) =>
    "Hand out the package (`GET /v1/batches/{batch}/package`) and send their " +
    `${String(attestations)} attestations with \`POST /v1/batches/{batch}/mint\`.`,
  "name-verification": () => "The verifier gives it beside the package.",
  "name-archive": () => `${OPERATOR} names the folder or the address where it is.`,
  "verify-archive": ({ batchId }) =>
    `Where a record says otherwise, verify the archive: \`GET /v1/archives/${batchId}/manifest.json\`.`,
  "name-reporting-year": () => "Name the year as `reportingYear`, or one batch to take it from.",
  "name-claim-country": () => "Name the country as `country`, or one batch to take it from.",
};

/** A problem with what to do behind its detail. */
export function saidByRoutes({ code, detail, remedy }: Problem): { code: string; detail: string } {
  return { code, detail: remedy ? `${detail} ${sentenceOf(SENTENCES, remedy)}` : detail };
}
