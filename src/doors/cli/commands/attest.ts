import { writeFile } from "node:fs/promises";
import type { Command } from "commander";
import { attestPackage } from "../../../app/attestPackage.ts";
import { act } from "../command.ts";

/** `microtonne attest`: a verifier recomputes an operator's package and signs its statement, or refuses with the reason. */
export function addAttest(program: Command): void {
  const command = program
    .command("attest")
    .description("As a verifier: recompute every leaf of an operator's package, then sign the batch or refuse with the reason.")
    .argument("<package>", "the file that `microtonne batch package` wrote")
    .requiredOption("--out <file>", "attestation file to write")
    .addHelpText(
      "after",
      `
Signs with MICROTONNE_VERIFIER_PRIVATE_KEY on the network of MICROTONNE_RPC_URL and MICROTONNE_DEPLOYMENT.

Example:
  microtonne attest for-verifier.ndjson --out alice.json`,
    );
  act<{ out: string }>(command, async (run, options, file) => {
    const bar = run.io.progress("recomputing");
    const attestation = await run
      .withContext((context) => attestPackage(context, { file: file, onProgress: (done, total) => bar.update(done, total) }))
      .finally(() => bar.stop());
    await writeFile(options.out, `${JSON.stringify(attestation, null, 2)}\n`);
    run.io.result(attestation, `${attestation.verifier} attests batch ${attestation.batchId}; wrote ${options.out}`);
    return undefined;
  });
}
