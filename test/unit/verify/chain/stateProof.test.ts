import { createMerkleProof, createMPT } from "@ethereumjs/mpt";
import { RLP } from "@ethereumjs/rlp";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fromHex, toHex } from "../../../../src/base/lib/bytes.ts";
import { keccak } from "../../../../src/format/keccak.ts";
import { batchWordSlots } from "../../../../src/format/onchain/storageLayout.ts";
import { openAccount, openHeader, openSlot } from "../../../../src/verify/chain/stateProof.ts";
import { CONTRACTS, sampleAddress, sampleBatch, sampleWord } from "../support/sampleBatch.ts";
import { askedFor, batchWords, sampleState } from "../support/sampleState.ts";
import { refusedFor } from "../../../support/refusedFor.ts";

const batch = sampleBatch("state", 5);
const words = batchWords(batch);
const state = await sampleState(words, new Map());
const evidence = await state.evidence(askedFor([batch], null));
const registry = evidence.accounts[0] as (typeof evidence.accounts)[number];
const accountProof = registry.accountProof.map((node) => fromHex(node));
const { stateRoot } = openHeader(state.header, state.blockHash);
const storageRoot = await openAccount(stateRoot, CONTRACTS.BatchRegistry, accountProof);
const slot = registry.storage[1] as (typeof registry.storage)[number];
const slotProof = slot.proof.map((node) => fromHex(node));

describe("a header", () => {
  it("gives number, time and state root under its own hash", () => {
    expect(openHeader(state.header, state.blockHash)).toMatchObject({
      number: 1234n,
      timestamp: 1_505_500_000n,
    });
  });

  it("is refused under any other hash, and with any byte changed", () => {
    expect(() => openHeader(state.header, toHex(sampleWord("other block")))).toThrow(
      expect.objectContaining({
        code: "verify.block-hash",
        message: expect.stringContaining("made on block 1234 of 2017-09-15T18:26:40Z") as string,
      }),
    );
    fc.assert(
      fc.property(fc.nat(state.header.length - 1), fc.integer({ min: 1, max: 255 }), (at, mask) => {
        const changed = state.header.slice();
        changed[at] = (changed[at] as number) ^ mask;
        expect(() => openHeader(changed, state.blockHash)).toThrow(refusedFor("verify.block-hash"));
      }),
    );
  });

  it.each([
    ["no RLP", Uint8Array.of(0xc2, 0x01)],
    ["a string", RLP.encode("header")],
    ["too few fields", RLP.encode([sampleWord("a"), sampleWord("b"), sampleWord("c"), sampleWord("d")])],
    ["a short state root", RLP.encode(Array.from({ length: 17 }, () => sampleWord("a").slice(1)))],
    ["a number of 32 bytes", RLP.encode(Array.from({ length: 17 }, () => sampleWord("a")))],
  ])("is refused where it is %s, even under its hash", (_, header) => {
    expect(() => openHeader(header, toHex(keccak(header)))).toThrow(refusedFor("verify.header"));
  });
});

describe("an account", () => {
  it("is refused where the state has none, with the proof that says so", async () => {
    const trie = await createMPT({ useKeyHashing: true });
    for (let i = 0; i < 40; i++)
      await trie.put(fromHex(sampleAddress(String(i))), RLP.encode([0, 0, sampleWord("s"), sampleWord("c")]));
    const proof = await createMerkleProof(trie, fromHex(CONTRACTS.BatchRegistry));
    await expect(openAccount(trie.root(), CONTRACTS.BatchRegistry, proof)).rejects.toMatchObject({
      code: "verify.account",
      message: expect.stringContaining("There is no account") as unknown,
    });
  });

  it("is refused with another account's proof", async () => {
    await expect(openAccount(stateRoot, sampleAddress("other 1"), accountProof)).rejects.toMatchObject({
      code: "verify.account",
    });
  });

  it.each([
    [
      "under another state root",
      () => openAccount(sampleWord("root"), CONTRACTS.BatchRegistry, accountProof),
    ],
    ["without nodes", () => openAccount(stateRoot, CONTRACTS.BatchRegistry, [])],
    [
      "without its last node",
      () => openAccount(stateRoot, CONTRACTS.BatchRegistry, accountProof.slice(0, -1)),
    ],
    ["without its first node", () => openAccount(stateRoot, CONTRACTS.BatchRegistry, accountProof.slice(1))],
    ["in reverse", () => openAccount(stateRoot, CONTRACTS.BatchRegistry, accountProof.toReversed())],
    [
      "with a node more",
      () => openAccount(stateRoot, CONTRACTS.BatchRegistry, [...accountProof, sampleWord("more")]),
    ],
    [
      "with a node twice",
      () => openAccount(stateRoot, CONTRACTS.BatchRegistry, [...accountProof, accountProof[0] as Uint8Array]),
    ],
  ])("is refused %s", async (_, open) => {
    await expect(open()).rejects.toMatchObject({ code: "verify.account" });
  });

  it.each([
    ["a value that is no list", RLP.encode("account")],
    ["a list of three", RLP.encode([1, 0, sampleWord("s")])],
    ["a short storage root", RLP.encode([1, 0, sampleWord("s").slice(1), sampleWord("c")])],
  ])("is refused where the trie holds %s", async (_, value) => {
    const trie = await createMPT({ useKeyHashing: true });
    await trie.put(fromHex(CONTRACTS.BatchRegistry), value);
    const proof = await createMerkleProof(trie, fromHex(CONTRACTS.BatchRegistry));
    await expect(openAccount(trie.root(), CONTRACTS.BatchRegistry, proof)).rejects.toMatchObject({
      code: "verify.account",
    });
  });
});

describe("a storage word", () => {
  it("comes out as it was stored, all of a batch and its root", async () => {
    for (const { slot: place, proof } of registry.storage) {
      expect(
        await openSlot(
          storageRoot,
          place,
          proof.map((node) => fromHex(node)),
        ),
      ).toBe(words.get(place));
    }
  });

  it("is zero where the proof shows that nothing was ever written", async () => {
    const strikes = batchWordSlots(batch.batchId, batch.manifest.format)[5] as (typeof slot)["slot"];
    const proof = registry.storage[5]?.proof ?? [];
    expect(proof.length).toBeGreaterThan(0);
    expect(
      BigInt(
        await openSlot(
          storageRoot,
          strikes,
          proof.map((node) => fromHex(node)),
        ),
      ),
    ).toBe(0n);
  });

  it("is zero in a contract without storage, and needs no nodes there", async () => {
    const empty = await createMPT({ useKeyHashing: true });
    expect(BigInt(await openSlot(empty.root(), slot.slot, []))).toBe(0n);
    await expect(openSlot(storageRoot, slot.slot, [])).rejects.toMatchObject({ code: "verify.storage" });
  });

  it("is zero where a zero was stored, as some nodes do", async () => {
    const trie = await createMPT({ useKeyHashing: true });
    await trie.put(fromHex(slot.slot), RLP.encode(0));
    expect(
      BigInt(await openSlot(trie.root(), slot.slot, await createMerkleProof(trie, fromHex(slot.slot)))),
    ).toBe(0n);
  });

  it("is refused with the proof of another slot, or nodes missing, repeated or strange", async () => {
    const other = (registry.storage[0]?.proof ?? []).map((node) => fromHex(node));
    for (const proof of [
      other,
      slotProof.slice(0, -1),
      slotProof.slice(1),
      [...slotProof, slotProof[0] as Uint8Array],
      [...slotProof, sampleWord("x")],
    ]) {
      await expect(openSlot(storageRoot, slot.slot, proof)).rejects.toMatchObject({ code: "verify.storage" });
    }
  });

  it("is refused with any byte of any node changed", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.nat(slotProof.length - 1),
        fc.nat(10_000),
        fc.integer({ min: 1, max: 255 }),
        async (node, at, mask) => {
          const changed = slotProof.map((bytes) => bytes.slice());
          const bytes = changed[node] as Uint8Array;
          bytes[at % bytes.length] = (bytes[at % bytes.length] as number) ^ mask;
          await expect(openSlot(storageRoot, slot.slot, changed)).rejects.toMatchObject({
            code: "verify.storage",
          });
        },
      ),
    );
  });

  it.each([
    ["a list", RLP.encode([1, 2])],
    ["33 bytes", RLP.encode(new Uint8Array(33).fill(1))],
    ["a zero in front", RLP.encode(Uint8Array.of(0, 1))],
    ["no RLP", Uint8Array.of(0xb8)],
  ])("is refused where the trie holds %s", async (_, value) => {
    const trie = await createMPT({ useKeyHashing: true });
    await trie.put(fromHex(slot.slot), value);
    const proof = await createMerkleProof(trie, fromHex(slot.slot));
    await expect(openSlot(trie.root(), slot.slot, proof)).rejects.toMatchObject({ code: "verify.storage" });
  });
});
