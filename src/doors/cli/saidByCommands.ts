import type { MicrotonneError } from "../../base/errors/errors.ts";
import type { ProjectAct } from "../../base/errors/remedy.ts";
import { sentenceOf, type RemedySentences } from "../../base/errors/sentenceOf.ts";

const PROJECT_ACTS: Readonly<Record<ProjectAct, string>> = {
  propose: "project propose",
  notice: "project notice",
  register: "project register",
  monitor: "project monitor",
  verify: "project verify",
  "close-batch": "batch close --category project",
};

/** What to do about a refusal, in the words of the command line. */
const SENTENCES: RemedySentences = {
  "name-other-folder": () => "Name another one with --data or MICROTONNE_FOLDER.",
  "name-data-folder": () =>
    "Name the data folder with --data or MICROTONNE_FOLDER; the first `microtonne ingest` makes one.",
  "set-key-service": () =>
    "Set MICROTONNE_KEY_SERVICE, or tie a data folder to the development keys with " +
    "`microtonne network init --development-keys`.",
  "replace-network-file": () => "Use another data folder, or --force to replace it.",
  "name-password-file": () =>
    "Name the file that holds it, by MICROTONNE_…_PASSWORD_FILE beside the setting of the key file, or by " +
    "--password-file.",
  "make-signer-key": () => "`microtonne network key` makes one.",
  "name-firm": () => "Say which with --firm: LEI:… or USCC:….",
  "split-file": () => "Split the file, or raise the cap if the file is to be trusted.",
  "put-lookup": ({ name }) => `Name the folder that ${name} lies in with --lookups.`,
  "name-signature-output": () => "Name it with --out.",
  "send-signature": () =>
    "Ask the provider for its .sig.json, and name it with --signature if it does not lie beside the file.",
  "make-provider-key": () => "`microtonne provider key new` makes one.",
  "list-provider-keys": () => "`microtonne provider key list` shows all.",
  "add-provider-key": () => "If the provider confirms the key, `microtonne provider key add` adds it.",
  "admit-unsigned-acts": () => "Or add it with --optional.",
  "list-methodologies": () => "`microtonne methodology list --all` shows all.",
  "publish-methodology": () =>
    "`microtonne methodology list` lists them; `microtonne methodology publish` publishes one of your own.",
  "list-rules": () => "List all of the folder with --all.",
  "name-proposer": () => "Say it with --proposed-by.",
  "withdraw-methodology": ({ methodology }) =>
    `The registrar withdraws it with \`microtonne methodology withdraw ${methodology} --why …\`.`,
  "add-class-list": () =>
    "Add the list that the registry published with `microtonne rules add`, or propose one with `microtonne " +
    "rules propose` and have the registrar publish it.",
  "name-class-list": () =>
    "Name the file with `microtonne verify --classes FILE`, or take it into a data folder with `microtonne " +
    "rules add FILE`; of a list of a later version, update.",
  "list-projects": () =>
    "`microtonne project list` shows all; `microtonne project propose FILE` brings one in.",
  "show-project": ({ project }) => `\`microtonne project show ${project}\` shows it.`,
  "take-project-step": ({ step }) => `The command: \`microtonne ${PROJECT_ACTS[step]}\`.`,
  "give-reason": () => "Give it with --why.",
  "answer-objections": ({ project }) =>
    `Say it with --why; \`microtonne project show ${project}\` lists the objections.`,
  "give-registration": () => "Give it with --registration.",
  "list-batches": () => "`microtonne batch list` shows all.",
  "ingest-or-list-batches": () =>
    "Ingest some first, or see `microtonne batch list`: an earlier call may have closed them.",
  "report-behaviour": () => "`microtonne behaviour report` tells what it comes to.",
  "finish-closing": ({ closing: { region, vintage, category } }) =>
    `The command: \`microtonne batch close --region ${region} --vintage ${String(vintage)}` +
    `${category === "act" ? "" : ` --category ${category}`}\`.`,
  "mint-batch": ({ batchId }) => `\`microtonne mint ${batchId}\` goes on with it.`,
  "mint-or-reopen-batches": ({ batchId }) =>
    `\`microtonne mint ${batchId}\` mints it; \`microtonne batch reopen\` gives a batch up.`,
  "reopen-batch": ({ batchId }) => `The command: \`microtonne batch reopen ${batchId ?? "BATCH"}\`.`,
  "hand-out-package": ({ attestations }) =>
    `Hand out the package (\`microtonne batch package\`) and give their ${String(attestations)} ` +
    `attestations.`,
  "name-verification": () => "Give it with --verification.",
  "name-archive": () => "Name the folder or the address where it is with --archive.",
  "verify-archive": ({ path }) =>
    `Where a record says otherwise, verify the archive with \`microtonne verify ${path}\`.`,
  "name-reporting-year": () => "Name the year with --year, or one batch to take it from.",
  "name-claim-country": () => "Name the country with --country, or one batch to take it from.",
};

/** What was wrong and what to do, as the command line says it. */
export function saidByCommands({ message, remedy }: Pick<MicrotonneError, "message" | "remedy">): string {
  return remedy === null ? message : `${message} ${sentenceOf(SENTENCES, remedy)}`;
}
