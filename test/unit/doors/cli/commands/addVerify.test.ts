import { execFile, execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { cp, mkdir, mkdtemp, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { encodeDeployment } from "../../../../../src/format/onchain/deployment.ts";
import { encodeManifest } from "../../../../../src/format/batch/manifest.ts";
import { encodeProofFile } from "../../../../../src/format/proofs/proofFile.ts";
import { ArchiveStream } from "../../../../../src/format/archive/archiveStream.ts";
import { CHAIN_ID, CONTRACTS, sampleBatch } from "../../../verify/support/sampleBatch.ts";
import {
  partUnder,
  retirementFile,
  sampleRetirement,
  spanPart,
} from "../../../verify/support/sampleProof.ts";
import { askedFor, batchWords, retirementWord, sampleState } from "../../../verify/support/sampleState.ts";

const batch = sampleBatch("cli", 12);
const record = sampleRetirement([{ batch, start: 0n, end: 5_000_000n }]);
const large = sampleRetirement([{ batch, start: 5_000_000n, end: 20_000_000n }], "large");
let folder: string;
let proof: string;
let spanned: string;
let listed: string;
let archive: string;
let blockHash: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "microtonne-verify-cli-"));
  const state = await sampleState(
    batchWords(batch),
    new Map([...retirementWord(record), ...retirementWord(large)]),
  );
  blockHash = state.blockHash;
  proof = join(folder, "retirement.proof.json");
  const evidence = await state.evidence(askedFor([batch], record.retirementId));
  await writeFile(
    proof,
    encodeProofFile(retirementFile(record, [partUnder(batch, 0n, 5_000_000n)], evidence)),
  );
  [spanned, listed] = [join(folder, "spans.proof.json"), join(folder, "listed.proof.json")];
  const largeEvidence = await state.evidence(askedFor([batch], large.retirementId));
  for (const [file, part] of [
    [spanned, spanPart(batch, 5_000_000n, 20_000_000n)],
    [listed, partUnder(batch, 5_000_000n, 20_000_000n)],
  ] as const)
    await writeFile(file, encodeProofFile(retirementFile(large, [part], largeEvidence)));
  archive = join(folder, batch.batchId.slice(2));
  const write = async (path: string, bytes: Uint8Array) => {
    await mkdir(dirname(join(archive, path)), { recursive: true });
    await writeFile(join(archive, path), bytes);
  };
  await write("manifest.json", encodeManifest(batch.manifest));
  const stream = new ArchiveStream({ write });
  for (const leaf of batch.leaves) await stream.push(leaf);
  await stream.finish();
  const deployment = {
    schema: "microtonne-deployment/1",
    network: "sample",
    chainId: CHAIN_ID,
    contracts: CONTRACTS,
    block: 1,
    blockHash: state.blockHash,
    commit: "local",
  } as const;
  await writeFile(join(folder, "deployment.json"), encodeDeployment(deployment));
});
afterAll(async () => rm(folder, { recursive: true, force: true }));

interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the command as a user does; nothing of this machine's settings reaches it. */
function microtonne(...words: string[]): Promise<Outcome> {
  const args = ["src/doors/cli/main.ts", "--data", join(folder, "data"), ...words];
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      args,
      { env: { PATH: process.env["PATH"] ?? "" } },
      (error, stdout, stderr) => {
        resolve({ code: typeof error?.code === "number" ? error.code : 0, stdout, stderr });
      },
    );
  });
}

describe("microtonne verify", () => {
  it("checks a proof against a block hash and deployment file, offline, with no data folder", async () => {
    const { code, stdout } = await microtonne(
      "verify",
      proof,
      "--block-hash",
      blockHash,
      "--deployment",
      join(folder, "deployment.json"),
    );
    expect(stdout).toMatch(/^VERIFIED against the block that you trust\n/);
    expect(code).toBe(0);
    expect(existsSync(join(folder, "data"))).toBe(false);
  });

  it("prints one JSON value with --json", async () => {
    const { code, stdout, stderr } = await microtonne("--json", "verify", proof, "--batch-id", batch.batchId);
    expect(JSON.parse(stdout)).toMatchObject({
      ok: true,
      mode: "root",
      facts: { retirement: { milligrams: "5000000" } },
    });
    expect([code, stderr]).toEqual([0, ""]);
  });

  it("holds an archive, and no proof file, against a deployment file alone", async () => {
    const deployment = ["--deployment", join(folder, "deployment.json")];
    const { code, stdout, stderr } = await microtonne("verify", archive, ...deployment);
    expect(stdout).toMatch(/^CONSISTENT IN ITSELF AND WITH YOUR DEPLOYMENT FILE, NO CHAIN LOOKED AT\n/);
    expect(stderr).toContain("no chain was looked at: exit code 5");
    expect(code).toBe(5);
    expect((await microtonne("verify", archive, ...deployment, "--allow-unanchored")).code).toBe(0);
    const refused = await microtonne("verify", proof, ...deployment);
    expect(refused.stderr).toContain("alone it is for an archive, a folder or --url.");
    expect(refused.code).toBe(2);
  });

  it("checks a whole archive", async () => {
    const { code, stdout } = await microtonne("verify", archive, "--batch-id", batch.batchId);
    expect(stdout).toContain("All 12 leaves were recomputed");
    expect(code).toBe(0);
  });

  it("trusts nothing that it was not told to: not even the data folder's own deployment", async () => {
    const data = join(folder, "with-deployment");
    await mkdir(data);
    await writeFile(join(data, "deployment.json"), "{}");
    const { code, stdout, stderr } = await microtonne("--data", data, "verify", proof);
    expect(stdout).toMatch(/^CONSISTENT IN ITSELF, NOT ANCHORED\n/);
    expect(stderr).toContain("add --own");
    expect(stderr).toContain("exit code 5. --allow-unanchored makes it 0.");
    expect(code).toBe(5);
    const allowed = await microtonne("--json", "verify", proof, "--allow-unanchored");
    expect([allowed.code, allowed.stderr]).toEqual([0, ""]);
    expect(JSON.parse(allowed.stdout)).toMatchObject({ ok: true, mode: "none" });
  });

  it("says of spans what the tree says; reads between their ends from one archive or many", async () => {
    const trusting = ["--block-hash", blockHash, "--deployment", join(folder, "deployment.json")];
    const factsOf = async (...words: string[]) => {
      const { stdout, code } = await microtonne("--json", "verify", ...words, ...trusting);
      expect(code).toBe(0);
      return (JSON.parse(stdout) as { facts: unknown }).facts;
    };
    const { stdout, code } = await microtonne("verify", spanned, ...trusting);
    expect(stdout).toMatch(
      /\n- By the tree, the \d+ leaves from \d+ to \d+ hold the retired milligrams 5000000/,
    );
    expect(stdout).toContain("`verify FILE --archive …` reads them.");
    expect(stdout).not.toMatch(/these acts|all leaves/);
    expect(code).toBe(0);
    expect(await factsOf(spanned)).toMatchObject({
      batches: [{ leaves: 2, providers: [{ leaves: null }, {}] }],
    });
    const wanted = await factsOf(listed);
    expect(await factsOf(spanned, "--archive", archive)).toEqual(wanted);
    expect(await factsOf(spanned, "--archive", folder)).toEqual(wanted);
  });

  it("does not let an archive that was named go unread", async () => {
    const empty = join(folder, "empty");
    await mkdir(empty);
    const missing = await microtonne("--json", "verify", spanned, "--archive", empty);
    expect([missing.code, missing.stdout]).toEqual([1, expect.stringContaining("verify.archive")]);
    const other = join(folder, "other");
    await mkdir(other);
    await writeFile(join(other, "manifest.json"), encodeManifest(sampleBatch("other", 3).manifest));
    const mistaken = await microtonne("--json", "verify", spanned, "--archive", other);
    expect([mistaken.code, mistaken.stdout]).toEqual([1, expect.stringContaining("verify.archive")]);
    const whole = await microtonne("verify", proof, "--archive", archive);
    expect([whole.code, whole.stderr]).toEqual([5, expect.stringContaining("the file has no spans")]);
    expect((await microtonne("verify", archive, "--archive", archive)).code).toBe(2);
    expect((await microtonne("verify", spanned, "--archive", join(folder, "nowhere"))).code).toBe(2);
  });

  it("neither waits for what is no file of an archive nor reads more than belongs to it", async () => {
    const strange = join(folder, "strange");
    await cp(archive, strange, { recursive: true });
    const bundle = join(strange, "leaves", "000");
    await truncate(bundle, 1_200_000_000);
    const long = await microtonne("--json", "verify", strange, "--batch-id", batch.batchId);
    expect([long.code, long.stdout]).toEqual([1, expect.stringContaining('"archive.length"')]);
    await rm(bundle);
    execFileSync("mkfifo", [bundle]);
    const piped = await microtonne("--json", "verify", strange, "--batch-id", batch.batchId);
    expect([piped.code, piped.stdout]).toEqual([1, expect.stringContaining('"archive.file"')]);
  });

  it("refuses a flipped byte with exit code 1 and the fault's code", async () => {
    const changed = join(folder, "changed.proof.json");
    const bytes = encodeProofFile(retirementFile(record, [partUnder(batch, 0n, 5_000_000n)]));
    const middle = Math.floor(bytes.length / 2);
    bytes[middle] = (bytes[middle] as number) ^ 1;
    await writeFile(changed, bytes);
    const { code, stdout } = await microtonne("--json", "verify", changed);
    expect((JSON.parse(stdout) as { error: { code: string } }).error.code).toMatch(/^(?:proof-file|json)\./);
    expect(code).toBe(1);
  });

  it("refuses another block with exit code 1", async () => {
    const other = `0x${"1".repeat(64)}`;
    const { code, stderr } = await microtonne(
      "verify",
      proof,
      "--block-hash",
      other,
      "--deployment",
      join(folder, "deployment.json"),
    );
    expect(stderr).toContain("which is the one that you trust");
    expect(code).toBe(1);
  });

  it("calls halves of a trust input and files that are not there wrong usage", async () => {
    expect((await microtonne("verify", proof, "--block-hash", blockHash)).code).toBe(2);
    expect((await microtonne("verify", join(folder, "nothing.json"))).code).toBe(2);
    expect((await microtonne("verify", proof, "--batch-id", "0x12")).code).toBe(2);
  });

  it("calls a node that does not answer broken", async () => {
    const words = [
      "verify",
      proof,
      "--rpc",
      "http://127.0.0.1:9",
      "--deployment",
      join(folder, "deployment.json"),
    ];
    const { code, stderr } = await microtonne(...words);
    expect(stderr).toContain("did not answer");
    expect(code).toBe(3);
  });
});
