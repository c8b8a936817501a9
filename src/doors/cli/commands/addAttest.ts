import type { Command } from "commander";
import { attestPackage, type CapCounts, type SignatureCounts } from "../../../app/attest/attestPackage.ts";
import { readVerification } from "../../../app/attest/verificationFile.ts";
import { openJsonFile } from "../../../app/process/openJsonFile.ts";
import { act } from "../command.ts";
import { writeOut } from "../writeOut.ts";

/**
 * `microtonne attest`: a verifier recomputes an operator's package and signs its statement, or refuses with
 * the reason.
 */
export function addAttest(program: Command): void {
  const command = program
    .command("attest")
    .argument("<package>", "the file that `microtonne batch package` wrote")
    .requiredOption("--out <file>", "attestation file to write")
    .option(
      "--verification <file>",
      "the verification body's statement, from the body itself; needed outside a local network",
    )
    .addHelpText(
      "after",
      `
Signs with the verifier's key of this folder (network init, MICROTONNE_VERIFIER_SIGNER or
MICROTONNE_VERIFIER_PRIVATE_KEY). Providers' signatures are checked with the keys that you added yourself
(provider key add) and, of providers that you know no key of, with those of the manifest.
Of the verification body's statement take the body's own file: the manifest names it by its hash.

Example:
  microtonne attest for-verifier.ndjson --verification statement.json --out alice.json`,
    );
  act<{ out: string; verification?: string }>(command, async (run, options, file) => {
    const bar = run.io.progress("recomputing");
    let checked: readonly string[] = [];
    let signatures: SignatureCounts = { signed: 0, unattributed: 0, unsigned: 0 };
    let caps: CapCounts = { leaves: 0, cut: 0 };
    const { verification } = options;
    const statement =
      verification === undefined ? null : readVerification(await openJsonFile(verification)).statement;
    const attestation = await run
      .withContext((context) =>
        attestPackage(context, {
          file,
          verification: statement,
          onProgress: (done, total) => bar.update(done, total),
          onSignatures: (counts) => (signatures = counts),
          onCaps: (counts) => (caps = counts),
          onChecked: (sentences) => (checked = sentences),
        }),
      )
      .finally(() => bar.stop());
    await writeOut(options.out, `${JSON.stringify(attestation, null, 2)}\n`, { force: true });
    const { signed, unattributed, unsigned } = signatures;
    const other = unattributed === 0 ? "" : `, ${String(unattributed)} with keys that nobody vouches for`;
    run.io.result(
      { ...attestation, signatures, checked, ...(caps.leaves > 0 && { caps }) },
      [
        `${attestation.verifier} attests batch ${attestation.batchId}; wrote ${options.out}`,
        "checked:",
        ...checked.map((sentence) => `  ${sentence}`),
        `records signed by their providers: ${String(signed)}${other}; not signed: ${String(unsigned)}` +
          capSentence(caps),
      ].join("\n"),
    );
    run.io.say(`Next: hand ${options.out} to the operator, who gives it to mint --attestation.`);
    return undefined;
  });
}

/** What was seen of caps on days and years, and what this batch and the kept ones don't show. */
function capSentence({ leaves, cut }: CapCounts): string {
  if (leaves === 0) return "";
  return (
    `\nleaves under caps on days or years: ${String(leaves)}; within this batch they keep to them; ` +
    `weighing less than their records come to: ${String(cut)}\n` +
    "not checked: what other batches used of these caps, but for everybody's year in the live ones of this " +
    "operator that are kept here, and so whether that much had to be left out"
  );
}
