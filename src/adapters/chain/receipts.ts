import { hexToString, parseEventLogs, type Log } from "viem";
import { toHex, bigEndian } from "../../base/lib/bytes.ts";
import { batchId, retirementId } from "../../base/lib/ids.ts";
import { milligrams } from "../../base/lib/mass.ts";
import type { Address, BatchId, Hex } from "../../base/types/ids.ts";
import type { Milligrams, UnixSeconds } from "../../base/types/quantities.ts";
import type { Retirement } from "../../base/types/retirement.ts";
import { purposeOfNumber } from "../../format/onchain/retirementRecord.ts";
import type { Strike } from "../../format/batch/strikes.ts";
import { batchRegistryAbi, retirementRegistryAbi } from "./abis.generated.ts";

/** What the registry announced when a batch was committed. */
export interface CommittedBatch {
  readonly batchId: BatchId;
  readonly operator: Address;
  readonly root: Hex;
  readonly totalMilligrams: Milligrams;
  readonly leafCount: number;
  /** Ascending, lower case. */
  readonly attesters: readonly Address[];
  readonly leavesHash: Hex;
}

/** Part of a receipt that events are read from. */
export interface HasLogs {
  readonly logs: readonly Log[];
}

const lower = (hex: Hex): Hex => hex.toLowerCase() as Hex;
const batchIdOfNumber = (value: bigint): BatchId => batchId(toHex(bigEndian(value, 32)));

/** Logs of one contract: others may emit events of the same name. */
function logsOf({ logs }: HasLogs, contract: Address): Log[] {
  return logs.filter(({ address }) => lower(address) === lower(contract));
}

/** All batches that the registry announced in these logs. */
export function committedBatches(source: HasLogs, registry: Address): CommittedBatch[] {
  return parseEventLogs({
    abi: batchRegistryAbi,
    eventName: "BatchCommitted",
    logs: logsOf(source, registry),
  }).map(({ args }) => ({
    batchId: batchIdOfNumber(args.batchId),
    operator: lower(args.operator),
    root: args.root,
    totalMilligrams: milligrams(args.totalMilligrams),
    leafCount: args.leafCount,
    attesters: args.attesters.map(lower),
    leavesHash: args.leavesHash,
  }));
}

/** The leaves of one batch that the registry struck, in the order of these logs. */
export function announcedStrikes(source: HasLogs, registry: Address, batch: BatchId): Strike[] {
  return parseEventLogs({ abi: batchRegistryAbi, eventName: "LeafStruck", logs: logsOf(source, registry) })
    .filter(({ args }) => batchIdOfNumber(args.batchId) === batch)
    .map(({ args }) => ({
      index: Number(args.index),
      start: milligrams(args.start),
      end: milligrams(args.end),
    }));
}

/** All retirements, as whole records, that the registry announced in these logs. */
export function announcedRetirements(source: HasLogs, registry: Address): Retirement[] {
  const events = parseEventLogs({
    abi: retirementRegistryAbi,
    eventName: "Retired",
    logs: logsOf(source, registry),
  });
  return events.map(({ args: { retirement } }) => ({
    retirementId: retirementId(retirement.retirementId),
    holder: lower(retirement.holder),
    beneficiaryHash: retirement.beneficiaryHash,
    documentHash: retirement.documentHash,
    purpose: purposeOfNumber(retirement.purpose),
    reportingYear: retirement.reportingYear,
    country: hexToString(retirement.country),
    retiredAt: Number(retirement.retiredAt) as UnixSeconds,
    lines: retirement.lines.map((line) => ({
      batchId: batchIdOfNumber(line.batchId),
      start: milligrams(line.start),
      end: milligrams(line.end),
    })),
  }));
}
