import { Option, type Command } from "commander";
import type { Context } from "../../../app/context.ts";
import { proveAct } from "../../../app/proofs/proveAct.ts";
import { proveRetirement } from "../../../app/proofs/proveRetirement.ts";
import { UsageError } from "../../../base/errors/errors.ts";
import { toHex } from "../../../base/lib/bytes.ts";
import { providerId } from "../../../base/lib/ids.ts";
import { keccak } from "../../../format/keccak.ts";
import { decodeProofFile } from "../../../format/proofs/proofFile.ts";
import { blockOfProof } from "../../../verify/chain/blockOfProof.ts";
import { act } from "../command.ts";
import { writeOut } from "../writeOut.ts";

interface Options {
  retirement?: string;
  record?: string;
  provider?: string;
  disclose?: boolean;
  leaves?: "all";
  out: string;
  force?: boolean;
}

/** `microtonne prove`: writes the proof file of a retirement or of one act. */
export function addProve(program: Command): void {
  const command = program
    .command("prove")
    .option("--retirement <id>", "certificate id, or the first digits of it")
    .option("--record <id>", "the provider's own id of an act's record; with --provider")
    .option("--provider <id>", "the provider that reported the record")
    .option("--disclose", "put the act's salt and records into the file, for its holder or an auditor")
    .addOption(
      new Option("--leaves <all>", "list every leaf behind a retirement, however many there are").choices([
        "all",
      ]),
    )
    .requiredOption("--out <file>", "file to write, named *.proof.json by custom")
    .option("--force", "write over a file that is there already")
    .addHelpText(
      "after",
      `
The file needs no trust in us: microtonne verify checks it offline against a batch id or a block
hash of the reader's own. A retirement of up to 256 leaves lists them. Of a larger one the file
shows the first and the last leaf of each span, and the tree says what is between; verify --archive
reads that, and --leaves all lists it.

Example:
  microtonne prove --retirement 0x51c0 --out retirement.proof.json
  microtonne prove --retirement 0x51c0 --leaves all --out every-leaf.proof.json
  microtonne prove --record ride-17 --provider city-metro --out ride.proof.json`,
    );
  act<Options>(command, async (run, options) => {
    const bytes = await run.withContext((context) => proofOf(context, options));
    await writeOut(options.out, bytes, { force: options.force ?? false });
    const block = blockOfProof(decodeProofFile(bytes));
    const written = { file: options.out, bytes: bytes.length, keccak256: toHex(keccak(bytes)), block };
    const wrote = `wrote ${options.out} (${String(bytes.length)} bytes)`;
    run.io.result(
      written,
      block === null ? wrote : `${wrote}\nit stands on block ${block.number}, ${block.hash}`,
    );
    if (block === null) run.next("verify", options.out, "--batch-id", batchOf(bytes));
    else {
      const { deploymentFile } = run.config.chain;
      run.next("verify", options.out, "--block-hash", block.hash, "--deployment", deploymentFile);
    }
    return undefined;
  });
}

function batchOf(proof: Uint8Array): string {
  return decodeProofFile(proof).parts[0]?.batchId ?? "";
}

async function proofOf(
  context: Context,
  { retirement, record, provider, disclose, leaves }: Options,
): Promise<Uint8Array> {
  if (retirement !== undefined && record === undefined && provider === undefined)
    return proveRetirement(context, retirement, leaves === "all");
  if (leaves !== undefined)
    throw new UsageError("prove.what", "--leaves is for a retirement: give it with --retirement.");
  if (retirement === undefined && record !== undefined && provider !== undefined) {
    return proveAct(context, {
      provider: providerId(provider),
      recordId: record.normalize("NFC"),
      disclose: disclose ?? false,
    });
  }
  throw new UsageError("prove.what", "Say what to prove: either --retirement, or --record with --provider.");
}
