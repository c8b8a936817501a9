import type { Command } from "commander";
import { counted } from "../../../base/lib/counted.ts";
import {
  describeProject,
  describeProjects,
  describeWholeProject,
} from "../../../app/projects/describeProject.ts";
import { openJsonFile } from "../../../app/process/openJsonFile.ts";
import type { ProjectDescription } from "../../../app/projects/describeProject.ts";
import { dayText } from "../../../base/lib/time/calendar.ts";
import { hashDocument } from "../../../app/projects/hashDocument.ts";
import { proposeProject } from "../../../app/projects/proposeProject.ts";
import { takeProjectStep, type AskedStep } from "../../../app/projects/takeProjectStep.ts";
import { act, STORED, type Run } from "../command.ts";
import { inFolder } from "../inFolder.ts";

/** `microtonne project`: from a proposal over public notice and registration to what is issued. */
export function addProject(program: Command): void {
  const project = program.command("project").addHelpText(
    "after",
    `
The operator proposes a project and hands in monitoring reports; the region's registrar, with another key, \
gives notice of it, registers it, takes in its verification and lets it expire. See docs/projects.md.

Example:
  microtonne project propose roof-pv.json
  microtonne project notice roof-pv
  microtonne project register roof-pv --registration NC-2026-014`,
  );
  addPropose(project);
  addRetract(project);
  addNotice(project);
  addObject(project);
  addRegister(project);
  addPeriodStep(project, "monitor", "As its operator: hand in the monitoring report of a period.");
  addPeriodStep(
    project,
    "verify",
    "As a registrar: take in the verification of a period that was monitored.",
  );
  addExpire(project);
  addList(project);
  addShow(project);
}

function addPropose(project: Command): void {
  const command = project
    .command("propose")
    .description("As its operator: propose a project. Nothing of it counts before it is registered.")
    .argument("<file>", "the project, JSON of the schema microtonne-project/1")
    .addHelpText(
      "after",
      `
The file, every member needed; days are calendar days of the region's zone, hashes keccak-256 of documents:
  {
    "schema": "microtonne-project/1",
    "id": "roof-pv",                   the provider under which its months come in
    "name": "Roofs of New City",
    "region": "NEWCITY", "place": "NEWCITY",
    "scenario": "pv-generation",       the class of its months; a methodology of category project counts it
    "creditingPeriod": { "firstDay": "2026-01-01", "lastDay": "2030-12-31" },
    "capacity": { "value": "0.8", "unit": "MW" },              or kW, vehicles, berths, t
    "installations": { "kind": "meter", "count": 12 },         counts, never addresses
    "baselineHash": "0x…", "ownerHash": "0x…",
    "notUnderEts": { "statementHash": "0x…" },
    "excludes": ["ev-charging"],       classes of acts that don't count on its assets beside it
    "noticeDays": 14
  }

Example:
  microtonne project propose roof-pv.json`,
    );
  act(command, async (run, _options, path = "") => {
    const file = await openJsonFile(path);
    const done = await run.withContext(async (context) =>
      describeProject(await proposeProject(context, file)),
    );
    run.io.result(done, textOf(done));
    return undefined;
  });
}

function addRetract(project: Command): void {
  const command = project
    .command("retract")
    .description("As its operator: take back a proposal before the registrar has given notice of it.")
    .argument("<project>", "its id")
    .addHelpText(
      "after",
      `
With the key that proposed it. It may be proposed anew under its id, with other content.

Example:
  microtonne project retract roof-pv`,
    );
  act(command, async (run, _options, id = "") => step(run, id, { what: "retract" }));
}

function addNotice(project: Command): void {
  const command = project
    .command("notice")
    .description(
      "As a registrar: give public notice of a proposed project; objections are taken from now on.",
    )
    .argument("<project>", "its id")
    .addHelpText("after", "\nExample:\n  microtonne project notice roof-pv");
  act(command, async (run, _options, id = "") => step(run, id, { what: "notice" }));
}

function addObject(project: Command): void {
  const command = project
    .command("object")
    .description("As a registrar: enter an objection to a project while its notice lasts.")
    .argument("<project>", "its id")
    .requiredOption(
      "--why <text>",
      "the objection, without a person's name; it stands in the record for good",
    )
    .addHelpText(
      "after",
      '\nExample:\n  microtonne project object roof-pv --why "these roofs are in CCER 1234"',
    );
  act<{ why: string }>(command, async (run, { why }, id = "") => step(run, id, { what: "object", why }));
}

function addRegister(project: Command): void {
  const command = project
    .command("register")
    .description("As a registrar: register a project once its notice is over.")
    .argument("<project>", "its id")
    .requiredOption("--registration <number>", "the registry's number; manifests name it")
    .option("--why <text>", "how objections were answered; needed where there were any")
    .addHelpText("after", "\nExample:\n  microtonne project register roof-pv --registration NC-2026-014");
  act<{ registration: string; why?: string }>(command, async (run, { registration, why }, id = "") =>
    step(run, id, { what: "register", registration, why: why ?? null }),
  );
}

function addPeriodStep(project: Command, what: "monitor" | "verify", description: string): void {
  const command = project
    .command(what)
    .description(description)
    .argument("<project>", "its id")
    .requiredOption("--from <day>", "first day of the period, YYYY-MM-DD")
    .requiredOption("--to <day>", "its last day")
    .requiredOption("--document <file>", "the report; its hash stands for it")
    .addHelpText(
      "after",
      `
The months themselves come in by \`microtonne ingest\`, one record for each installation and calendar month.

Example:
  microtonne project ${what} roof-pv --from 2026-01-01 --to 2026-03-31 --document q1.pdf`,
    );
  act<{ from: string; to: string; document: string }>(command, async (run, { from, to, document }, id = "") =>
    step(run, id, { what, from, to, documentHash: await hashDocument(document) }),
  );
}

function addExpire(project: Command): void {
  const command = project
    .command("expire")
    .description("As a registrar: end a project; from then on nothing of it comes in or is closed.")
    .argument("<project>", "its id")
    .option("--why <text>", "why; needed before the end of its crediting period")
    .addHelpText("after", '\nExample:\n  microtonne project expire roof-pv --why "the plant was taken down"');
  act<{ why?: string }>(command, async (run, { why }, id = "") =>
    step(run, id, { what: "expire", why: why ?? null }),
  );
}

function addList(project: Command): void {
  const command = project
    .command("list")
    .description("This operator's projects.")
    .addHelpText("after", "\nExample:\n  microtonne project list --json");
  act(command, async (run) => {
    const all = await inFolder(run, async (folder) => (folder === null ? [] : describeProjects(folder)));
    run.io.result(all, all.length === 0 ? "no projects yet" : all.map(lineOf).join("\n"));
    return undefined;
  });
}

function addShow(project: Command): void {
  const command = project
    .command("show")
    .description("One project, with its file and who decided what about it.")
    .argument("<project>", "its id")
    .addHelpText("after", "\nExample:\n  microtonne project show roof-pv");
  act(command, async (run, _options, id = "") => {
    const found = await run.withContext((context) => describeWholeProject(context, id), STORED);
    const { decisions, lastDecisionHash, content: _content, ...shown } = found;
    run.io.result(
      found,
      [
        textOf(shown),
        ...decisions.map(({ at, what, by, said }) => {
          const said_ = JSON.stringify(said, withDates);
          return `${at} ${what} by ${by}${said_ === "{}" ? "" : `: ${said_}`}`;
        }),
        ...(lastDecisionHash === null
          ? []
          : [`decisions hold together; the last one is ${lastDecisionHash}`]),
      ].join("\n"),
    );
    return undefined;
  });
}

/** Days of a report are counts in the record of decisions; people read dates. */
function withDates(name: string, value: unknown): unknown {
  return typeof value === "number" && (name === "startDay" || name === "endDay") ? dayText(value) : value;
}

async function step(run: Run, id: string, asked: AskedStep): Promise<undefined> {
  const done = await run.withContext(
    async (context) => describeProject(await takeProjectStep(context, id, asked)),
    STORED,
  );
  if (
    asked.what === "verify" &&
    done.monitored.some(({ documentHash }) => documentHash === asked.documentHash)
  )
    run.io.say(
      "The document is the monitoring report itself, by its hash. A verification is a document of its own, " +
        "of somebody else: was the wrong file named? What was taken in stands for good.",
    );
  run.io.result(done, textOf(done));
}

function lineOf({ id, state, region, scenario, firstDay, lastDay }: ProjectDescription): string {
  return `${id.padEnd(24)} ${state.padEnd(10)} ${region.padEnd(8)} ${scenario}, ${firstDay} to ${lastDay}`;
}

function textOf(project: ProjectDescription): string {
  const { id, name, state, registration, region, scenario, firstDay, lastDay, place, excludes } = project;
  return [
    `project     ${id}, ${name}`,
    `state       ${state}${registration === null ? "" : `, registered as ${registration}`}` +
      (project.rehearsal ? " (a rehearsal: its notice was not over)" : ""),
    `counts      ${scenario} in ${region}, ${firstDay} to ${lastDay}; installations in ${place}`,
    `capacity    ${project.capacity}`,
    `excludes    ${excludes.length === 0 ? "nothing" : excludes.join(", ")}`,
    `notice      ${project.noticeUntil === null ? "not yet" : `until ${project.noticeUntil}`}, ` +
      counted(project.objections, "objection"),
    `proposed    by ${project.proposedBy}`,
    `monitored   ${periodsText(project.monitored)}`,
    `verified    ${periodsText(project.verified)}`,
  ].join("\n");
}

function periodsText(periods: ProjectDescription["monitored"]): string {
  return periods.length === 0
    ? "nothing yet"
    : periods.map(({ firstDay, lastDay }) => `${firstDay} to ${lastDay}`).join(", ");
}
