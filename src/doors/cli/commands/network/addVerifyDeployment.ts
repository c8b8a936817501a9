import type { Command } from "commander";
import { knownDeployment } from "../../../../app/chain/knownDeployment.ts";
import { readDeployment } from "../../../../app/chain/readDeployment.ts";
import { connectToDeployment } from "../../../../app/network/verification/connectToDeployment.ts";
import { parseTerms } from "../../../../app/network/parseTerms.ts";
import type { Finding } from "../../../../app/network/verification/finding.ts";
import { verifyDeployment } from "../../../../app/network/verification/verifyDeployment.ts";
import { openJsonFile } from "../../../../app/process/openJsonFile.ts";
import { act, type Run } from "../../command.ts";
import { EXIT } from "../../exitCode.ts";

interface Options {
  deployment: string;
  rpc: string;
  terms?: string;
  all?: boolean;
}

/** `microtonne network verify-deployment`: a deployment against the sources that this program ships. */
export function addVerifyDeployment(network: Command): void {
  const verify = network
    .command("verify-deployment")
    .description(
      "Compare a deployment with these sources and its terms: code, creation, links, roles, terms.",
    )
    .requiredOption("--deployment <file>", "the deployment file, <network>.json")
    .requiredOption("--rpc <url>", "a node of the network that you trust")
    .option("--terms <file>", "the network's terms; without them only what the sources say is compared")
    .option("--all", "say what is as it should be as well")
    .addHelpText(
      "after",
      `
Reads only, and needs no data folder. Each fault is said in a sentence; --json gives one array of {area, \
what, state, expected, found, says}. Exit code 0: all as it should be; 1: not; \
2: wrong use; 3: no answer of the node.

Example:
  microtonne network verify-deployment --deployment deployments/harbour.json --terms terms.json \
--rpc http://127.0.0.1:9545`,
    );
  act<Options>(verify, async (run, { deployment: file, rpc, terms: termsFile, all = false }) => {
    const found = await readDeployment(file);
    const deployment = knownDeployment(found, { deploymentFile: file, chainId: found?.chainId ?? 0 });
    const terms =
      termsFile === undefined
        ? null
        : parseTerms(new TextDecoder().decode((await openJsonFile(termsFile)).bytes));
    const client = await connectToDeployment(rpc, deployment);
    const bars = new Map<string, ReturnType<Run["io"]["progress"]>>();
    const findings = await verifyDeployment(client, deployment, terms, (what, done, total) => {
      const bar = bars.get(what) ?? run.io.progress(what);
      bars.set(what, bar);
      bar.update(done, total);
      if (done >= total) bar.stop();
    });
    for (const bar of bars.values()) bar.stop();
    run.io.result(findings, textOf(run, findings, all));
    return findings.some(({ state }) => state === "fault") ? EXIT.checkFailed : EXIT.fine;
  });
}

function textOf(run: Run, findings: readonly Finding[], all: boolean): string {
  const faults = findings.filter(({ state }) => state === "fault");
  const lines = findings
    .filter(({ state }) => all || state !== "ok")
    .map(({ state, says }) => {
      const colour = state === "fault" ? "red" : state === "ok" ? "green" : "yellow";
      return `${run.io.paint(colour, state.padEnd(5))} ${says}`;
    });
  const compared = findings.filter(({ state }) => state !== "note").length;
  return [...lines, `${String(compared)} comparisons, ${String(faults.length)} faults`].join("\n");
}
