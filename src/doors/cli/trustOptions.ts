import type { Command } from "commander";
import { InputError, UsageError } from "../../base/errors/errors.ts";
import { batchId } from "../../base/lib/ids.ts";
import { milligrams } from "../../base/lib/mass.ts";
import type { BatchId, Hex } from "../../base/types/ids.ts";
import type { Milligrams } from "../../base/types/quantities.ts";
import type { Trust } from "../../verify/trust.ts";
import { optionOf } from "./command.ts";
import { WORD32_ANY_CASE } from "../../base/lib/textPatterns.ts";

/** What a verifier may trust, as options of a command. */
export interface TrustOptions {
  batchId?: BatchId[];
  root?: Hex;
  total?: Milligrams;
  count?: number;
  blockHash?: Hex;
  rpc?: string;
  deployment?: string;
  own?: boolean;
}

export function addTrustOptions(command: Command): void {
  const oneMore = (text: string, ids: BatchId[] | undefined): BatchId[] => [
    ...(ids ?? []),
    batchId(text.toLowerCase()),
  ];
  command
    .option(
      "--batch-id <id>",
      "trust this batch, by id; may be given again",
      (text, ids: BatchId[] | undefined) => optionOf((id) => oneMore(id, ids))(text),
    )
    .option("--root <hash>", "trust one batch by its tree; with --total and --count", optionOf(word))
    .option("--total <mg>", "milligrams of the batch of --root", optionOf(wholeMilligrams))
    .option("--count <n>", "leaves of the batch of --root", optionOf(leafCount))
    .option("--block-hash <hash>", "trust this block, offline; with --deployment", optionOf(word))
    .option("--rpc <url>", "trust this chain node; with --deployment")
    .option("--deployment <file>", "deployment file with the chain id and the contracts that you trust")
    .option("--own", "trust the chain of this data folder, starting it where it is embedded");
}

/**
 * The one way of trusting that the options ask for.
 * @param isArchive whether an archive is checked: it can be held against a deployment file alone
 * @throws UsageError `verify.trust` where they ask for two, or for one by halves
 */
export function trustMode(options: TrustOptions, isArchive: boolean): Trust["mode"] | "own" | "none" {
  const tree = [options.root, options.total, options.count].filter((value) => value !== undefined).length;
  if (tree !== 0 && tree !== 3) throw halves("--root, --total and --count belong together");
  const named = options.batchId !== undefined || tree === 3;
  const ways = [
    named && "root",
    options.blockHash !== undefined && "block",
    options.rpc !== undefined && "rpc",
    options.own && "own",
  ] as const;
  const asked = ways.filter((way) => way !== false && way !== undefined);
  if (asked.length > 1) throw halves("Give either batches, --block-hash, --rpc or --own, not two of them");
  const [mode = isArchive && options.deployment !== undefined ? "deployment" : "none"] = asked;
  const needsDeployment = mode === "block" || mode === "rpc" || mode === "deployment";
  if (needsDeployment && options.deployment === undefined) {
    throw halves("--block-hash and --rpc need --deployment, the file with the contracts that you trust");
  }
  if (!needsDeployment && options.deployment !== undefined)
    throw halves(
      named || options.own
        ? "--deployment needs --block-hash or --rpc beside it"
        : "For a proof file --deployment needs --block-hash or --rpc beside it; alone it is for an " +
            "archive, a folder or --url",
    );
  return mode;
}

/** Batches named by id or by tree. */
export function rootTrust({ batchId: ids = [], root, total, count }: TrustOptions): Trust & { mode: "root" } {
  const trees =
    root !== undefined && total !== undefined && count !== undefined ? [{ root, total, count }] : [];
  return { mode: "root", batches: [...ids.map((id) => ({ batchId: id })), ...trees] };
}

function halves(sentence: string): UsageError {
  return new UsageError("verify.trust", `${sentence}.`);
}

function word(text: string): Hex {
  if (!WORD32_ANY_CASE.test(text)) throw new InputError("verify.trust", "A hash is 0x and 64 hex digits.");
  return text.toLowerCase() as Hex;
}

function wholeMilligrams(text: string): Milligrams {
  if (!/^[0-9]{1,19}$/.test(text))
    throw new InputError("verify.trust", "A mass is a whole number of milligrams.");
  return milligrams(BigInt(text));
}

function leafCount(text: string): number {
  const count = Number(text);
  if (!/^[0-9]{1,10}$/.test(text) || count < 1 || count >= 2 ** 32)
    throw new InputError("verify.trust", "A leaf count is from 1 to 2^32 - 1.");
  return count;
}
