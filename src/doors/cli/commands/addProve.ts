import { Option, type Command } from "commander";
import { hasDatabase } from "../../../app/process/hasDatabase.ts";
import { proveAct } from "../../../app/proofs/proveAct.ts";
import { proveAnyRetirement } from "../../../app/proofs/proveAnyRetirement.ts";
import { proveOthersRetirement } from "../../../app/proofs/proveOthersRetirement.ts";
import { UsageError } from "../../../base/errors/errors.ts";
import { toHex } from "../../../base/lib/bytes.ts";
import { providerId, retirementId } from "../../../base/lib/ids.ts";
import { WORD32_ANY_CASE } from "../../../base/lib/textPatterns.ts";
import { keccak } from "../../../format/keccak.ts";
import { decodeProofFile } from "../../../format/proofs/proofFile.ts";
import { blockOfProof } from "../../../verify/chain/blockOfProof.ts";
import { addArchiveOption, archivesAt, type ArchiveOptions } from "../archivesAt.ts";
import { act, STORED, type Run } from "../command.ts";
import { writeOut } from "../writeOut.ts";
import { withNode } from "./network/withNode.ts";

interface Options extends ArchiveOptions {
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
    .option("--force", "write over a file that is there already");
  addArchiveOption(command);
  command.addHelpText(
    "after",
    `
The file needs no trust in us: microtonne verify checks it offline against a batch id or a block
hash of the reader's own. A retirement of up to 256 leaves lists them. Of a larger one the file
shows the first and the last leaf of each span, and the tree says what is between; verify --archive
reads that, and --leaves all lists it.

A retirement that another data folder made, or a program, is named by its whole id. Its record is
read from the chain of this folder; --archive says where the archives of the batches are that it
takes from, where this folder did not make them. Such a file discloses nothing.

Example:
  microtonne prove --retirement 0x51c0 --out retirement.proof.json
  microtonne prove --retirement 0x51c0 --leaves all --out every-leaf.proof.json
  microtonne prove --retirement 0x51c0… --archive https://example.org/archives --out theirs.proof.json
  microtonne prove --record ride-17 --provider city-metro --out ride.proof.json`,
  );
  act<Options>(command, async (run, options) => {
    const bytes = await proofOf(run, options);
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

async function proofOf(run: Run, options: Options): Promise<Uint8Array> {
  const { retirement, record, provider, disclose, leaves, archive } = options;
  if (retirement !== undefined && record === undefined && provider === undefined)
    return retirementProof(run, retirement, options);
  if (leaves !== undefined || archive !== undefined)
    throw new UsageError(
      "prove.what",
      "--leaves and --archive are for a retirement: give it with --retirement.",
    );
  if (retirement === undefined && record !== undefined && provider !== undefined) {
    const asked = { provider: providerId(provider), recordId: record.normalize("NFC") };
    return run.withContext((context) => proveAct(context, { ...asked, disclose: disclose ?? false }), STORED);
  }
  throw new UsageError("prove.what", "Say what to prove: either --retirement, or --record with --provider.");
}

/** Of this folder's own, by the first digits of its id; of anybody's, by the whole id. */
async function retirementProof(run: Run, id: string, options: Options): Promise<Uint8Array> {
  const how = { allLeaves: options.leaves === "all", archives: await archivesAt(options) };
  const whole = WORD32_ANY_CASE.test(id) ? retirementId(id.toLowerCase()) : null;
  // Whoever only proves what others retired needs a network and no database.
  if (!hasDatabase(run.config) && whole !== null)
    return withNode(run.config, (place) => proveOthersRetirement(place, null, whole, how));
  return run.withContext((context) => proveAnyRetirement(context, id, how), STORED);
}
