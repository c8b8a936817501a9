import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Command } from "commander";
import { flowPicture, type Flow } from "../../../demo/flowPicture.ts";
import { runDemo, type DemoResult } from "../../../demo/runDemo.ts";
import { openArchive } from "../../../app/batches/openArchives.ts";
import { CheckFailedError, MicrotonneError, UsageError } from "../../../base/errors/errors.ts";
import type { Trust } from "../../../verify/trust.ts";
import { verifyArchive } from "../../../verify/verifyArchive.ts";
import { verifyProof } from "../../../verify/verifyProof.ts";
import { act, type Run } from "../command.ts";
import { saidByCommands } from "../saidByCommands.ts";
import type { Progress } from "../terminal/terminalIo.ts";
import { shellWord } from "../../../base/lib/shellWord.ts";

interface Options {
  records: string;
  seed: string;
  out: string;
}

/**
 * `microtonne demo`: the whole path of a gram on generated data, then what a stranger does with what comes
 * out.
 */
export function addDemo(program: Command): void {
  const command = program
    .command("demo")
    .option("--records <n>", "rows in all provider files together", "100000")
    .option("--seed <n>", "another seed, another day", "2025")
    .option("--out <dir>", "folder for everything that the demo makes", ".microtonne/demo")
    .addHelpText(
      "after",
      `
Needs no network: database and chain are embedded. The folder is emptied when the demo runs into it again.

Example:
  microtonne demo --records 10000 --out /tmp/demo`,
    );
  act<Options>(command, async (run, options) => {
    const bars = barsOf(run);
    const result = await runDemo({
      records: whole("--records", options.records),
      seed: whole("--seed", options.seed),
      out: options.out,
      onStep: (line) => {
        bars.stop();
        run.io.say(`${run.io.paint("green", "✓")} ${line}`);
      },
      onProgress: bars.update,
    }).finally(bars.stop);
    const verified = await verifyAll(run, result);
    const picture = join(result.out, "flow.svg");
    await writeFile(picture, flowPicture(flowOf(result)));
    const summary = {
      out: result.out,
      ingested: result.ingested.map(({ provider, report, asPlanted }) => ({
        provider,
        ...report,
        asPlanted,
      })),
      batchId: result.batchId,
      archive: result.archive,
      retirement: result.retirement,
      proof: result.retirementProof,
      blockHash: result.blockHash,
      deployment: result.deploymentFile,
      picture,
      verified,
    };
    run.io.result(
      summary,
      [
        "",
        `A picture of it: ${picture}`,
        "",
        "Look into what the demo made:",
        `  npx microtonne batch list --data ${shellWord(result.out)}`,
        `  npx microtonne serve --data ${shellWord(result.out)}`,
        "",
        "Verify it yourself, offline, against the block that your own node shows:",
        `  npx microtonne verify ${shellWord(result.retirementProof)} --block-hash ${result.blockHash} ` +
          `--deployment ${shellWord(result.deploymentFile)}`,
      ].join("\n"),
    );
    return undefined;
  });
}

/** What the picture shows. */
function flowOf({ ingested, masses, retirement }: DemoResult): Flow {
  return {
    providers: ingested.map(({ provider, report: { read, accepted, milligrams } }) => ({
      provider,
      read,
      accepted,
      milligrams: BigInt(milligrams),
    })),
    batch: masses,
    minted: masses.minted,
    retired: BigInt(retirement.milligrams),
    verdicts: [
      { says: "the act's proof, against the batch id alone: leaf, record and root agree", agreed: true },
      { says: "the retirement's proof, offline, against a block hash of one's own", agreed: true },
      { says: "the whole archive: every leaf, link, sum and tile computed anew", agreed: true },
      { says: "the same proof with one byte changed: refused", agreed: false },
    ],
  };
}

/** What a stranger does: checks proofs and archive, and that a changed byte is noticed. */
async function verifyAll(
  { io }: Run,
  result: DemoResult,
): Promise<{ root: true; block: true; archive: true; tamperedRefusedWith: string }> {
  const { deployment, blockHash, batchId } = result;
  const root: Trust = { mode: "root", batches: [{ batchId }] };
  const block: Trust = {
    mode: "block",
    chainId: deployment.chainId,
    blockHash,
    contracts: deployment.contracts,
  };
  const proof = new Uint8Array(await readFile(result.retirementProof));

  await verifyProof(new Uint8Array(await readFile(result.actProof)), root);
  done("verified the act's proof against the batch id alone: leaf, record and root agree");
  const verdict = await verifyProof(proof, block);
  done("verified the retirement's proof offline, against a block hash of one's own; checked:");
  for (const sentence of verdict.checked) io.say(`    ${sentence}`);
  io.say("  not checked, and said so:");
  for (const sentence of verdict.notChecked) io.say(`    ${io.paint("dim", sentence)}`);
  await verifyArchive(openArchive(result.archive), root);
  done("verified the whole archive: every leaf, link, sum and tile computed anew");

  const tamperedRefusedWith = await refusalOf(flipped(proof), block);
  done(`flipped one byte of the proof; the verifier refuses it: ${tamperedRefusedWith}`);
  return { root: true, block: true, archive: true, tamperedRefusedWith };

  function done(line: string): void {
    io.say(`${io.paint("green", "✓")} ${line}`);
  }
}

/** The proof with one hex digit in its middle changed. */
function flipped(proof: Uint8Array): Uint8Array {
  const changed = proof.slice();
  let at = Math.floor(changed.length / 2);
  while (!isHexDigit(changed[at] ?? 0)) at += 1;
  changed[at] = changed[at] === 0x30 ? 0x31 : 0x30;
  return changed;
}

function isHexDigit(byte: number): boolean {
  return (byte >= 0x30 && byte <= 0x39) || (byte >= 0x61 && byte <= 0x66);
}

async function refusalOf(proof: Uint8Array, trust: Trust): Promise<string> {
  try {
    await verifyProof(proof, trust);
  } catch (error) {
    if (error instanceof MicrotonneError) return `${saidByCommands(error)} (${error.code})`;
    throw error;
  }
  throw new CheckFailedError(
    "demo.tampered",
    "The verifier took a proof in which a byte was changed. This is a fault: please report it.",
  );
}

/** One bar at a time, a new one for each label. */
function barsOf({ io }: Run): {
  update: (label: string, done: number, total: number | null) => void;
  stop: () => void;
} {
  let current: { label: string; bar: Progress } | null = null;
  const stop = (): void => {
    current?.bar.stop();
    current = null;
  };
  return {
    stop,
    update(label, done, total) {
      if (current?.label !== label) {
        stop();
        current = { label, bar: io.progress(label) };
      }
      current.bar.update(done, total);
    },
  };
}

function whole(option: string, text: string): number {
  if (!/^-?[0-9]{1,12}$/.test(text))
    throw new UsageError(
      "option.number",
      `${option} takes a whole number, not ${JSON.stringify(text.slice(0, 40))}.`,
    );
  return Number(text);
}
