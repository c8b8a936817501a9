import { writeFile } from "node:fs/promises";
import type { Command } from "commander";
import {
  takeNetworkSteps,
  type NetworkReport,
  type NetworkStep,
  type WantedCall,
} from "../../../../app/network/takeNetworkSteps.ts";
import { readChain, type ChainView } from "../../../../app/chain/readChain.ts";
import type { Context } from "../../../../app/context.ts";
import { act } from "../../command.ts";
import { EXIT } from "../../exitCode.ts";
import { requireNetwork } from "./requireNetwork.ts";

interface StepOptions {
  dryRun?: boolean;
  call?: string;
}

/** The calls that a command wants, by its options and arguments. */
type WantedOf<Options> = (
  context: Context,
  chain: ChainView,
  options: Options,
  ...args: string[]
) => Promise<WantedCall[]>;

const STATES: Readonly<Record<NetworkStep["state"], string>> = {
  done: "done already",
  sent: "sent",
  scheduled: "scheduled",
  waits: "scheduled, waits",
  others: "left for others",
  "would-send": "would be sent",
  "would-schedule": "would be scheduled",
};

/**
 * Ties a command to the calls that a network needs: they are made by whoever of this folder may, scheduled
 * where their role waits, or handed back. All such commands take `--dry-run` and `--call`.
 */
export function actOnNetwork<Options>(command: Command, wantedOf: WantedOf<Options>): void {
  command
    .option("--dry-run", "only say what would be sent, and by whom")
    .option("--call <file>", "where to write the calls that others have to send (default: printed)");
  act<Options & StepOptions>(command, async (run, options, ...args) => {
    requireNetwork(run.config);
    const report = await run.withContext(
      async (context) => {
        const wanted = await wantedOf(context, await readChain(context), options, ...args);
        return takeNetworkSteps(context, wanted, { dryRun: options.dryRun === true });
      },
      { keyless: true },
    );
    if (report.task !== null && options.call !== undefined)
      await writeFile(options.call, `${JSON.stringify(report.task, null, 2)}\n`);
    run.io.result(report, textOf(report, options.call));
    return isFinished(report) ? EXIT.fine : EXIT.waits;
  });
}

/** Nothing is left that another call must do; what a dry run would do counts as done. */
function isFinished({ steps }: NetworkReport): boolean {
  return steps.every(({ state }) => !["others", "scheduled", "waits"].includes(state));
}

function textOf({ steps, task }: NetworkReport, file: string | undefined): string {
  const lines = steps.map((step) => `${STATES[step.state].padEnd(16)} ${step.what}${tail(step)}`);
  if (steps.some(({ state }) => state === "scheduled" || state === "waits"))
    lines.push("Run the command again when the time has come: the call is made then.");
  if (task !== null)
    lines.push(
      "No key of this folder may make the calls that are left. Whoever holds the role sends what follows" +
        (file === undefined ? `:\n${JSON.stringify(task, null, 2)}` : `, written to ${file}`),
    );
  return lines.join("\n");
}

function tail({ state, by, role, members, readyAt }: NetworkStep): string {
  if (state === "others") return `: its ${role} does it (${members.join(", ") || "nobody has that role"})`;
  const when = readyAt === null ? "" : `, from ${readyAt} on`;
  return by === null ? "" : ` (by ${by}${when})`;
}
