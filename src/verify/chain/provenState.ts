import { fromHex } from "../../base/lib/bytes.ts";
import type { Address, Hex } from "../../base/types/ids.ts";
import type { AccountProof, BlockEvidence } from "../../format/proofs/proofFile.ts";
import { batchSlots, decodeBatchWords, retirementSlot } from "../../format/onchain/storageLayout.ts";
import type { ChainState } from "./chainState.ts";
import { refuse } from "../refuse.ts";
import { openAccount, openHeader, openSlot } from "./stateProof.ts";
import type { Trust } from "../trust.ts";

/** A state that must have been asked for everything that its evidence holds. */
export interface ProvenState extends ChainState {
  /**
   * @throws CheckFailedError `verify.account`, `verify.storage` where the evidence holds an account or slot
   * that nobody asked for
   */
  finish(): Promise<void>;
}

/**
 * The contracts' storage as the file proves it against the trusted block hash.
 * @throws CheckFailedError `verify.block-missing`, `verify.block-hash`, `verify.header`; its methods
 * `verify.account`, `verify.storage`
 */
export function provenState(
  evidence: BlockEvidence | undefined,
  trust: Trust & { mode: "block" },
): ProvenState {
  if (evidence === undefined) {
    return refuse(
      "block-missing",
      "The file has no proof against a block. Ask for one that has, or check it through a chain node.",
    );
  }
  const { stateRoot, number, timestamp } = openHeader(fromHex(evidence.header), trust.blockHash);
  const opened = new Map<Address, Promise<OpenAccount>>();
  const account = (name: "BatchRegistry" | "RetirementRegistry"): Promise<OpenAccount> => {
    const address = trust.contracts[name].toLowerCase() as Address;
    const open = opened.get(address) ?? openContract(evidence, stateRoot, address, name);
    opened.set(address, open);
    return open;
  };
  return {
    block: { number, hash: trust.blockHash, timestamp },
    async batch(batchId, manifest) {
      const registry = await account("BatchRegistry");
      const proven = await Promise.all(batchSlots(batchId, manifest).map((slot) => registry.word(slot)));
      return { words: decodeBatchWords(proven.slice(0, -1)), batchOfRoot: proven.at(-1) as Hex };
    },
    async retirementHash(retirementId) {
      const registry = await account("RetirementRegistry");
      return registry.word(retirementSlot(retirementId));
    },
    async finish() {
      for (const { address, storage } of evidence.accounts) {
        const open = await opened.get(address);
        if (!open)
          return refuse("account", `The file proves the account ${address}, which nothing here rests on.`);
        if (storage.length !== open.asked.size) {
          refuse(
            "storage",
            `The file proves storage slots of ${address} that nothing here rests on, or one of them twice.`,
          );
        }
      }
    },
  };
}

interface OpenAccount {
  readonly asked: ReadonlySet<Hex>;
  word(slot: Hex): Promise<Hex>;
}

async function openContract(
  evidence: BlockEvidence,
  stateRoot: Uint8Array,
  address: Address,
  name: string,
): Promise<OpenAccount> {
  const given = evidence.accounts.filter((account) => account.address === address);
  const [only] = given;
  if (!only)
    return refuse("account", `The file has no proof of ${name} at ${address}, the contract that you trust.`);
  if (given.length > 1) return refuse("account", `The file proves the account ${address} more than once.`);
  const storageRoot = await openAccount(
    stateRoot,
    address,
    only.accountProof.map((node) => fromHex(node)),
  );
  const bySlot = new Map(only.storage.map((word) => [word.slot, word]));
  const asked = new Set<Hex>();
  return {
    asked,
    async word(slot) {
      asked.add(slot);
      const word: AccountProof["storage"][number] | undefined = bySlot.get(slot);
      if (!word) return refuse("storage", `The file does not prove the storage slot ${slot} of ${name}.`);
      const value = await openSlot(
        storageRoot,
        slot,
        word.proof.map((node) => fromHex(node)),
      );
      if (value !== word.value)
        refuse(
          "storage",
          `The file gives ${word.value} for the storage slot ${slot} of ${name}; proven is ${value}.`,
        );
      return value;
    },
  };
}
