import { existsSync } from "node:fs";
import { counted } from "../../../base/lib/counted.ts";
import { stat } from "node:fs/promises";
import type { Command } from "commander";
import { connectToNode } from "../../../app/chain/connectToNode.ts";
import { openArchive, openArchives } from "../../../app/batches/openArchives.ts";
import { InputError, UsageError } from "../../../base/errors/errors.ts";
import { readBounded } from "../../../base/lib/files/readBounded.ts";
import { GIB, KIB, MIB } from "../../../base/lib/sizes.ts";
import type { ActivityKey } from "../../../base/types/ids.ts";
import { decodeDeployment } from "../../../format/onchain/deployment.ts";
import { openJsonFile } from "../../../app/process/openJsonFile.ts";
import type { ClassLists } from "../../../format/batch/classes/classLists.ts";
import type { HttpArchive } from "../../../verify/httpArchive.ts";
import { proveFromArchive } from "../../../verify/proveFromArchive.ts";
import type { ArchiveOf } from "../../../verify/readSpans.ts";
import type { Trust } from "../../../verify/trust.ts";
import type { Verdict } from "../../../verify/verdict.ts";
import { verdictText } from "../../../verify/sentences/verdictText.ts";
import { verifyArchive } from "../../../verify/verifyArchive.ts";
import { verifyProof } from "../../../verify/verifyProof.ts";
import { act, STORED, type Run } from "../command.ts";
import { EXIT } from "../exitCode.ts";
import { addRemoteOptions, remoteArchive, type RemoteOptions } from "../remoteOptions.ts";
import { addTrustOptions, rootTrust, trustMode, type TrustOptions } from "../trustOptions.ts";
import { withClassFiles } from "../../../app/rules/withClassFiles.ts";
import { withClassLists } from "../withClassLists.ts";
import { wrapText } from "../terminal/wrapText.ts";
import { MAX_COLUMNS } from "../wrappedCommand.ts";
import { fileUnreadable } from "../../../base/errors/fileUnreadable.ts";

/** Longer lines are hard to read. */
const MAX_SENTENCE_COLUMNS = 100;
/** Far above any proof; keeps a wrong file from filling the memory. */
const MAX_PROOF_BYTES = GIB;

/**
 * `microtonne verify`: checks a proof file or an archive. Opens a data folder only where --own asks for
 * it, or for the lists of scenario classes in it where a batch names one that does not ship.
 */
export function addVerify(program: Command): void {
  const command = program
    .command("verify")
    .argument("[path]", "a *.proof.json file, or the folder of a batch's archive")
    .option("--archive <folder>", "read what a proof's spans leave out: a batch's archive, or many")
    .option(
      "--classes <file>",
      "a registry's list of scenario classes that does not ship; may be given again",
      (path, paths: string[] | undefined) => [...(paths ?? []), path],
    )
    .option(
      "--allow-unanchored",
      "exit 0 where the file was held against no chain and no root that you trust",
    )
    .addHelpText(
      "after",
      `
What a proof proves depends on what you trust, and that must come from your side, not from whoever
gave you the proof. Without any of these options the file is only checked to be consistent in
itself; then the exit code is 5, unless --allow-unanchored is given. So it is where an archive is
held against a deployment file alone, without --rpc: no chain says that the batch was committed.

A proof of more than 256 leaves shows the first and the last leaf of each span; what is between is
the tree's word. With --archive the leaves between are read, from anybody's copy, and the answer is
that of a proof which lists them.

A batch may name a list of scenario classes that its registry published later than this program:
name the list's file with --classes. What was added to the data folder (rules add) is known without it.

Example:
  microtonne verify retirement.proof.json --block-hash 0x8d1f… --deployment deployment.json
  microtonne verify retirement.proof.json --rpc http://127.0.0.1:8545 --deployment deployment.json
  microtonne verify act.proof.json --batch-id 0x3f2a…
  microtonne verify retirement.proof.json --batch-id 0x3f2a… --archive .microtonne/archive
  microtonne verify .microtonne/archive/3f2a… --own
  microtonne verify act.proof.json --batch-id 0x3f2a… --classes classes.json
  microtonne verify --url https://example.org/archives/3f2a… --deployment deployment.json
  microtonne verify --url https://example.org/archives/3f2a… --leaf 17 --batch-id 0x3f2a…`,
    );
  addRemoteOptions(command);
  addTrustOptions(command);
  act<VerifyOptions>(command, async (run, options, ...[path]: string[]) => {
    const remote = await remoteArchive(options, path, (file) => readInput(file, KIB));
    let verdict: Verdict;
    try {
      verdict = await verdictOn(run, options, await subjectOf(run, remote ?? (path as string), options));
    } finally {
      remote?.close();
    }
    const text = wrapped(verdictText(verdict));
    if (remote === null) run.io.result(verdict, text);
    else {
      const { requests, bytes } = remote.traffic;
      const read = `Read ${String(bytes)} bytes in ${counted(requests, "request")}.`;
      run.io.result({ ...verdict, traffic: remote.traffic }, `${text}\n\n${read}`);
    }
    if (remote === null && verdict.mode === "none" && existsSync(run.config.chain.deploymentFile)) {
      run.io.say(
        `To check it against the chain of ${run.config.folder}, add --own. Nothing there was trusted ` +
          "without being asked for.",
      );
    }
    if (isAnchored(verdict.mode) || options.allowUnanchored === true) return EXIT.fine;
    const held =
      verdict.mode === "none"
        ? "It was held against nothing that you trust"
        : "It was held against your deployment file, and no chain was looked at";
    run.io.say(`${held}: exit code 5. --allow-unanchored makes it 0.`);
    return EXIT.unanchored;
  });
}

/** Whether a chain, or a root that somebody trusts, was looked at: anyone can write a deployment down. */
function isAnchored(mode: Verdict["mode"]): boolean {
  return mode !== "none" && mode !== "deployment";
}

type VerifyOptions = TrustOptions &
  RemoteOptions & { archive?: string; classes?: string[]; allowUnanchored?: boolean };
type Check = (trust: Trust | null, lists: ClassLists) => Promise<Verdict>;

/** What is checked, read already. */
interface Subject {
  readonly check: Check;
  readonly isArchive: boolean;
}

async function verdictOn(
  run: Run,
  options: VerifyOptions,
  { check: checkWith, isArchive }: Subject,
): Promise<Verdict> {
  const mode = trustMode(options, isArchive);
  const files = await Promise.all((options.classes ?? []).map((path) => openJsonFile(path)));
  const check = async (trust: Trust | null): Promise<Verdict> =>
    withClassLists(run, files, (lists) => checkWith(trust, lists));
  if (mode === "none") return check(null);
  if (mode === "own") {
    return run.withContext(async (context) => {
      const { client, deployment } = await context.chain();
      const { chainId, contracts } = deployment;
      return checkWith(
        { mode: "rpc", client, chainId, contracts },
        withClassFiles(context.classLists, files),
      );
    }, STORED);
  }
  if (mode === "root") return check(rootTrust(options));
  const deployment = decodeDeployment(await readInput(options.deployment as string, MIB));
  const { chainId, contracts } = deployment;
  if (mode === "deployment") return check({ mode, chainId, contracts });
  if (mode === "block")
    return check({
      mode,
      chainId,
      contracts,
      blockHash: options.blockHash as NonNullable<TrustOptions["blockHash"]>,
    });
  const client = await connectToNode(options.rpc as string, deployment, run.config.chain.finalityDepth);
  return check({ mode, client, chainId, contracts });
}

/** Reads the file once, before anything is connected or started for it. */
async function subjectOf(run: Run, place: string | HttpArchive, options: VerifyOptions): Promise<Subject> {
  const { leaf: index, activityKey: key, archive: copy } = options;
  const isArchive = typeof place !== "string" || (await statOf(place)).isDirectory();
  if (copy !== undefined && isArchive)
    throw new UsageError("verify.archive", "--archive is for a proof file; an archive itself needs none.");
  if (typeof place !== "string" && (index !== undefined || key !== undefined)) {
    const wanted = index === undefined ? { activityKey: key as ActivityKey } : { index };
    return {
      isArchive,
      check: async (trust, lists) => {
        const proof = await proveFromArchive(place, wanted, trust, lists);
        return verifyProof(proof, trust, null, null, lists, "archive");
      },
    };
  }
  if (typeof place === "string" && !isArchive) {
    const bytes = await readInput(place);
    const verify: Check = (trust, lists) =>
      copy === undefined
        ? verifyProof(bytes, trust, null, null, lists)
        : verifyWithArchive(run, bytes, trust, copy, lists);
    return {
      isArchive,
      check: (trust, lists) =>
        verify(trust, lists).catch((cause: unknown) => {
          throw isProofFile(bytes) ? cause : noProofFile(place, cause);
        }),
    };
  }
  const archive = typeof place === "string" ? openArchive(place) : place;
  return {
    isArchive,
    check: async (trust, lists) => {
      const bar = run.io.progress("recomputing");
      try {
        return await verifyArchive(archive, trust, (done, of) => bar.update(done, of), lists);
      } finally {
        bar.stop();
      }
    },
  };
}

/** Whether it says that it is a proof file, whatever becomes of the rest of it. */
function isProofFile(bytes: Uint8Array): boolean {
  try {
    const value = JSON.parse(new TextDecoder().decode(bytes)) as { format?: unknown } | null;
    return String(value?.format).startsWith("microtonne-proof/");
  } catch {
    return false;
  }
}

function noProofFile(path: string, cause: unknown): InputError {
  return new InputError(
    "verify.no-proof",
    `${path} is no proof file. \`microtonne prove\` writes one, of a retirement or of an act; what ` +
      "`retire` answers names the retirement to prove.",
    { cause },
  );
}

/** As wide as the terminal, where it is one: others get a sentence on a line. */
function wrapped(text: string): string {
  const { isTTY, columns = MAX_COLUMNS } = process.stdout as Partial<typeof process.stdout>;
  return isTTY === true ? wrapText(text, Math.min(columns, MAX_SENTENCE_COLUMNS)) : text;
}

/** An archive that was named is read, or it is said that it was not. */
async function verifyWithArchive(
  run: Run,
  bytes: Uint8Array,
  trust: Trust | null,
  folder: string,
  lists: ClassLists,
): Promise<Verdict> {
  await statOf(folder);
  const archiveOf = await openArchives(folder);
  const found: boolean[] = [];
  const seen: ArchiveOf = (batchId) => {
    const source = archiveOf(batchId);
    found.push(source !== null);
    return source;
  };
  const verdict = await verifyProof(bytes, trust, null, seen, lists);
  if (found.length > 0 && !found.includes(true))
    throw new InputError(
      "verify.archive",
      `The archive in ${folder} is of another batch than those that the file shows.`,
    );
  if (found.length === 0) run.io.say(`Nothing was read from ${folder}: the file has no spans.`);
  return verdict;
}

async function statOf(path: string) {
  try {
    return await stat(path);
  } catch (cause) {
    throw fileUnreadable(path, cause, " Name a proof file or the folder of an archive.");
  }
}

async function readInput(path: string, mostBytes = MAX_PROOF_BYTES): Promise<Uint8Array> {
  const { size } = await statOf(path);
  if (size > mostBytes)
    throw new InputError(
      "file.too-large",
      `${path} has ${String(size)} bytes: more than any file of its kind.`,
    );
  try {
    return await readBounded(path, mostBytes);
  } catch (cause) {
    throw fileUnreadable(path, cause);
  }
}
