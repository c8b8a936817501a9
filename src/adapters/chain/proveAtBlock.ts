import { RLP } from "@ethereumjs/rlp";
import { CheckFailedError, UnavailableError } from "../../base/errors/errors.ts";
import { fromHex, toHex } from "../../base/lib/bytes.ts";
import type { Address, Hex } from "../../base/types/ids.ts";
import { keccak } from "../../format/keccak.ts";
import type { AccountProof, BlockEvidence } from "../../format/proofs/proofFile.ts";
import { NodeRefusal } from "./client.ts";
import { readBlock, type ReadClient } from "./readOnly.ts";

/** What a proof file takes as `block`, and the block that it is about. */
export interface BlockProof {
  readonly blockNumber: bigint;
  readonly blockHash: Hex;
  readonly evidence: BlockEvidence;
}

type RawBlock = Readonly<Record<string, unknown>>;

/**
 * Fields of an Ethereum header in their order (Cancun); later forks append. Numbers lose their leading zeros
 * in RLP.
 */
const HEADER_FIELDS: readonly (readonly [name: string, kind: "bytes" | "number"])[] = [
  ["parentHash", "bytes"],
  ["sha3Uncles", "bytes"],
  ["miner", "bytes"],
  ["stateRoot", "bytes"],
  ["transactionsRoot", "bytes"],
  ["receiptsRoot", "bytes"],
  ["logsBloom", "bytes"],
  ["difficulty", "number"],
  ["number", "number"],
  ["gasLimit", "number"],
  ["gasUsed", "number"],
  ["timestamp", "number"],
  ["extraData", "bytes"],
  ["mixHash", "bytes"],
  ["nonce", "bytes"],
  ["baseFeePerGas", "number"],
  ["withdrawalsRoot", "bytes"],
  ["blobGasUsed", "number"],
  ["excessBlobGas", "number"],
  ["parentBeaconBlockRoot", "bytes"],
  ["requestsHash", "bytes"],
];

const word = (value: string): Hex => `0x${value.slice(2).padStart(64, "0")}`;

/**
 * @throws CheckFailedError `block.header` where the fields do not hash to the block's hash: another kind of
 * header (QBFT, a rollup)
 */
function encodeHeader(block: RawBlock): Hex {
  const present = HEADER_FIELDS.filter(([name]) => typeof block[name] === "string");
  const header = RLP.encode(
    present.map(([name, kind]) =>
      kind === "number" ? BigInt(block[name] as string) : fromHex(block[name] as string),
    ),
  );
  if (toHex(keccak(header)) !== block["hash"]) {
    throw new CheckFailedError(
      "block.header",
      `The header of block ${String(block["number"])} does not hash to the block's hash, so this ` +
        "chain's headers are of a kind that proofs do not support.",
    );
  }
  return toHex(header);
}

interface RawProof {
  readonly accountProof: readonly Hex[];
  readonly storageProof: readonly { readonly value: Hex; readonly proof: readonly Hex[] }[];
}

/**
 * Storage proofs at one block. Nodes forget old state, so make it when the block is fresh and keep it.
 * @param at the newest final block by default
 * @throws UnavailableError `block.forgotten`, `block.missing`; CheckFailedError `block.header`, `block.moved`
 * where a reorg came in between
 */
export async function proveAtBlock(
  client: ReadClient,
  accounts: readonly { readonly address: Address; readonly slots: readonly Hex[] }[],
  at?: bigint,
): Promise<BlockProof> {
  const tag = await readBlock(client, at ?? "final");
  const number = `0x${(tag?.number ?? 0n).toString(16)}`;
  const block =
    tag === null
      ? null
      : ((await client.request("eth_getBlockByNumber", [number, false])) as RawBlock | null);
  if (tag === null || block === null)
    throw new UnavailableError("block.missing", `The chain node has no block ${String(at)}.`);
  const header = encodeHeader(block);
  const proofs: AccountProof[] = [];
  for (const { address, slots } of accounts) {
    const proof = await client.request("eth_getProof", [address, slots, number]).catch((error: unknown) => {
      if (!(error instanceof NodeRefusal)) throw error;
      throw new UnavailableError(
        "block.forgotten",
        `The chain node no longer has the state of block ${tag.number.toString()}. Prove at a newer block.`,
        {
          cause: error,
        },
      );
    });
    const { accountProof, storageProof } = proof as RawProof;
    // By position: some nodes shorten the keys that they echo.
    const storage = slots.map((slot, i) => ({
      slot,
      value: word(storageProof[i]?.value ?? "0x"),
      proof: storageProof[i]?.proof ?? [],
    }));
    proofs.push({ address: address.toLowerCase() as Address, accountProof, storage });
  }
  if ((await readBlock(client, tag.number))?.hash !== block["hash"]) {
    throw new CheckFailedError(
      "block.moved",
      `Block ${tag.number.toString()} was replaced while it was being proved. Try again.`,
    );
  }
  const evidence: BlockEvidence = { header, headerScheme: "rlp", accounts: proofs };
  return { blockNumber: tag.number, blockHash: block["hash"] as Hex, evidence };
}
