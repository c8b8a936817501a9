import type { Command } from "commander";
import { mintBatch } from "../../../app/batches/mintBatch.ts";
import { readBounded } from "../../../base/lib/files/readBounded.ts";
import { MIB } from "../../../base/lib/sizes.ts";
import { act, STORED } from "../command.ts";
import { shortId } from "../shortId.ts";
import { fileUnreadable } from "../../../base/errors/fileUnreadable.ts";

/** `microtonne mint`: a quorum attests, the batch is committed and its credits are minted. */
export function addMint(program: Command): void {
  const command = program
    .command("mint")
    .argument("<batch>", "batch id, or the first digits of it")
    .option(
      "--attestation <file...>",
      "attestations of outside verifiers; without any, the local network's own verifiers recompute the batch",
    )
    .addHelpText(
      "after",
      `
Each verifier recomputes every leaf before it signs, and refuses with the reason. A mint that was
cut off goes on when the same command is given again; nothing is minted twice.

Example:
  microtonne mint 0x3f2a
  microtonne mint 0x3f2a --attestation alice.json bob.json`,
    );
  act<{ attestation?: string[] }>(command, async (run, options, id) => {
    const attestations = await Promise.all((options.attestation ?? []).map(readText));
    const bar = run.io.progress("verifying");
    const minted = await run
      .withContext(
        (context) =>
          mintBatch(context, {
            batch: id,
            attestations: attestations.length > 0 ? attestations : null,
            onProgress: (done, total) => bar.update(done, total),
          }),
        STORED,
      )
      .finally(() => bar.stop());
    run.io.result(
      minted,
      minted.state === "minted"
        ? `minted ${minted.mintedTonnes} t of batch ${minted.batchId}; ` +
            `${String(minted.attesters.length)} verifiers attested`
        : `batch ${minted.batchId} is ${minted.state}; mint it when the challenge window is over, at ` +
            (minted.mintableAt ?? "a later time"),
    );
    if (minted.state !== "minted") run.next("mint", shortId(minted.batchId));
    else
      run.next(
        "retire",
        "--amount",
        "0.001",
        "--purpose",
        "event-neutrality",
        "--beneficiary",
        "A name",
        "--dry-run",
      );
  });
}

async function readText(path: string): Promise<string> {
  try {
    return (await readBounded(path, MIB)).toString("utf8");
  } catch (cause) {
    throw fileUnreadable(`The attestation file ${path}`, cause);
  }
}
