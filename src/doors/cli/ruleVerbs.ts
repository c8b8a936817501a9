import { writeFile } from "node:fs/promises";
import type { Command } from "commander";
import { openJsonFile } from "../../app/process/openJsonFile.ts";
import { addRule } from "../../app/rules/addRule.ts";
import { checkRule } from "../../app/rules/checkRule.ts";
import { describeRule, type RuleDescription, type WholeRule } from "../../app/rules/describeRule.ts";
import { knownRule } from "../../app/rules/knownRule.ts";
import { proposeRule } from "../../app/rules/proposeRule.ts";
import { rulesBeside } from "../../app/rules/rulesBeside.ts";
import { retractRule } from "../../app/rules/retractRule.ts";
import { publishRule, type RegistrarStep } from "../../app/rules/publishRule.ts";
import { takeProposal } from "../../app/rules/takeProposal.ts";
import { withdrawRule } from "../../app/rules/withdrawRule.ts";
import { act, STORED, type Run } from "./command.ts";
import { EXIT } from "./exitCode.ts";
import { inFolder } from "./inFolder.ts";
import { saidByCommands } from "./saidByCommands.ts";
import { systemClock } from "../../app/process/system.ts";

/** Rules are nobody's records: registrars have no key service. */
const KEYLESS = { keyless: true } as const;

/** The verbs that all kinds of rules have, under a command of their own. */
export interface RuleFamily {
  /** The command, as it is typed: `methodology`. */
  readonly command: string;
  readonly kinds: readonly RuleDescription["kind"][];
  /** In sentences: "methodology version". */
  readonly noun: string;
  /** A file and a name for the examples. */
  readonly file: string;
  readonly name: string;
}

/** Adds `check`, `propose`, `retract`, `publish`, `withdraw` and `add` to a family's command. */
export function addRuleVerbs(parent: Command, family: RuleFamily): void {
  addCheck(parent, family);
  addPropose(parent, family);
  addRetract(parent, family);
  addPublish(parent, family);
  addWithdraw(parent, family);
  addAdd(parent, family);
}

function addCheck(parent: Command, { command, kinds, noun, file }: RuleFamily): void {
  const check = parent
    .command("check")
    .description(`What the file of a ${noun} says, in plain words, and what stands in its way.`)
    .argument("<file>", "the rule, JSON")
    .addHelpText(
      "after",
      `
Nothing is stored. Exit code 1 where the file breaks its schema, or where nobody could propose it beside the \
rules of this folder: a list that does not go on \
from the published one, a version that counts another one's acts. Warnings alone leave it at 0.

Example:
  microtonne ${command} check ${file}`,
    );
  act(check, async (run, _options, path = "") => {
    const file_ = await openJsonFile(path);
    const checked = await inFolder(run, async (folder) =>
      checkRule(file_, kinds, systemClock.now(), await rulesBeside(folder, run.config)),
    );
    const lines = [`${checked.name} (${checked.id})`, ...checked.says.map((one) => `  ${one}`)];
    for (const warning of checked.warnings) lines.push(`${run.io.paint("yellow", "warning")} ${warning}`);
    const { refusal } = checked;
    if (refusal) lines.push(`${run.io.paint("red", "refused")} ${saidByCommands(refusal)} (${refusal.code})`);
    run.io.result(checked, lines.join("\n"));
    return refusal === null ? undefined : EXIT.checkFailed;
  });
}

function addPropose(parent: Command, { command, kinds, noun, file, name }: RuleFamily): void {
  const propose = parent
    .command("propose")
    .description(`As an operator: propose a ${noun} to the registrar of its region.`)
    .argument("<file>", "the rule, JSON")
    .addHelpText(
      "after",
      `
Proposes with the operator's key (MICROTONNE_OPERATOR_PRIVATE_KEY). It binds nobody before the region's \
registrar, with another key, has \
published it. Hand the file to the registrar.

Example:
  microtonne ${command} propose ${file}
  microtonne ${command} publish ${name}`,
    );
  act(propose, async (run, _options, path = "") => {
    const file_ = await openJsonFile(path);
    const rule = await run.withContext(async (context) =>
      describeRule(await proposeRule(context, file_, kinds)),
    );
    run.io.result(rule, lineOf(rule));
    return undefined;
  });
}

function addRetract(parent: Command, { command, kinds, noun, name }: RuleFamily): void {
  const retract = parent
    .command("retract")
    .description(`As an operator: take back your own proposal of a ${noun} before it is published.`)
    .argument("<name>", "its name, or the first digits of its id")
    .addHelpText(
      "after",
      `
With the key that proposed it. The decision stays in the record; the proposal is gone, and the file may be \
proposed again. A registrar who \
has the file already is to be told: nothing reaches another folder.

Example:
  microtonne ${command} retract ${name}`,
    );
  act(retract, async (run, _options, given = "") => {
    const rule = await run.withContext(
      async (context) => describeRule(await retractRule(context, await knownRule(context, given, kinds))),
      STORED,
    );
    run.io.result(rule, lineOf(rule));
    return undefined;
  });
}

interface PublishOptions {
  proposedBy?: string;
  call?: string;
}

function addPublish(parent: Command, { command, kinds, noun, file, name }: RuleFamily): void {
  const publish = parent
    .command("publish")
    .description(`As a region's registrar: publish a proposed ${noun} on chain.`)
    .argument("<name-or-file>", "its name, or the file that an operator handed over")
    .option("--proposed-by <address>", "whose proposal the file is; needed with a file")
    .option("--call <file>", "where to write the calls that a registrar has to send (default: printed)")
    .addHelpText(
      "after",
      `
Signs with MICROTONNE_REGISTRAR_PRIVATE_KEY for the regions of MICROTONNE_REGISTRAR_REGIONS; on the embedded \
chain its admin is the registrar. Without a \
registrar's key nothing is sent: the calls are written out for the registrar, and the exit code is \
${String(EXIT.waits)}. Run it again once the registrar has sent it.
A version begins after it is published; only one that gives less for every act may begin at once.

Examples:
  microtonne ${command} publish ${name}
  microtonne ${command} publish ${file} --proposed-by 0x70997970c51812dc3a010c7d01b50e0d17dc79c8`,
    );
  act<PublishOptions>(publish, async (run, { proposedBy, call }, given = "") => {
    const file_ = given.endsWith(".json") ? await openJsonFile(given) : null;
    const step = await run.withContext(async (context) => {
      const rule = file_
        ? await takeProposal(context, file_, kinds, proposedBy ?? null)
        : await knownRule(context, given, kinds);
      return publishRule(context, rule);
    }, KEYLESS);
    return reportStep(run, step, call);
  });
}

function addWithdraw(parent: Command, { command, kinds, noun, name }: RuleFamily): void {
  const withdraw = parent
    .command("withdraw")
    .description(`As a region's registrar: withdraw a published ${noun}, for good.`)
    .argument("<name>", "its name, or the first digits of its id")
    .requiredOption("--why <text>", "why; it stands in the record of decisions")
    .option("--call <file>", "where to write the calls that a registrar has to send (default: printed)")
    .addHelpText(
      "after",
      `
From then on it counts no act and no batch is closed with it; open acts that it counted are left out of \
batches. Batches that were closed before stay valid.

Example:
  microtonne ${command} withdraw ${name} --why "the factor was read from another year's table"`,
    );
  act<{ why: string; call?: string }>(withdraw, async (run, { why, call }, given = "") => {
    const step = await run.withContext(
      async (context) => withdrawRule(context, await knownRule(context, given, kinds), why),
      STORED,
    );
    return reportStep(run, step, call);
  });
}

function addAdd(parent: Command, { command, kinds, noun, file }: RuleFamily): void {
  const add = parent
    .command("add")
    .description(`As a verifier, or another operator: take over a published ${noun} from its file.`)
    .argument("<file>", "the rule as it was published, JSON")
    .addHelpText(
      "after",
      `
Its hash must stand in the registry of the chain that MICROTONNE_RPC_URL and MICROTONNE_DEPLOYMENT name, \
published by its region's registrar; else it is \
refused. Nothing is signed or sent.

Example:
  microtonne ${command} add ${file}`,
    );
  act(add, async (run, _options, path = "") => {
    const file_ = await openJsonFile(path);
    const rule = await run.withContext(
      async (context) => describeRule(await addRule(context, file_, kinds)),
      KEYLESS,
    );
    run.io.result(rule, lineOf(rule));
    return undefined;
  });
}

/** What a registrar's step came to, or what is left for the registrar to send. */
async function reportStep(
  run: Run,
  { rule, task }: RegistrarStep,
  call: string | undefined,
): Promise<number | undefined> {
  const described = describeRule(rule);
  if (task === null) {
    run.io.result({ ...described, call: null }, lineOf(described));
    return undefined;
  }
  const text = JSON.stringify(task, null, 2);
  if (call !== undefined) await writeFile(call, `${text}\n`);
  run.io.result(
    { ...described, call: task },
    `${lineOf(described)}\nNothing was sent: this process has no registrar's key. The registrar of ` +
      `${rule.region} sends what follows${call === undefined ? `:\n${text}` : `, written to ${call}`}\n` +
      "Then run the command again.",
  );
  return EXIT.waits;
}

/** One rule on one line. Lists of classes have no days: they stand for good. */
export function lineOf(rule: RuleDescription, id: string = rule.id): string {
  const { kind, name, state, region, validFrom, validTo } = rule;
  const days = kind === "scenario-classes" ? "" : `${validFrom} to ${validTo ?? "no end"}, `;
  return `${name} ${state}, ${region}, ${days}${id}`;
}

/** A rule's standing and decisions, one on each line. */
export function decisionLines({ decisions, lastDecisionHash }: WholeRule): string[] {
  return [
    ...decisions.map(({ at, what, by, why }) => `${at} ${what} by ${by}${why === null ? "" : `: ${why}`}`),
    ...(lastDecisionHash === null ? [] : [`decisions hold together; the last one is ${lastDecisionHash}`]),
  ];
}
