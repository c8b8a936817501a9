import { expect, it } from "vitest";
import { hmacDevKeys } from "../../../../src/adapters/keys/hmacDevKeys.ts";
import { batchId } from "../../../../src/base/lib/ids.ts";
import { LOCAL_CHAIN_ID } from "../../../../src/base/lib/localChain.ts";
import { keySentences } from "../../../../src/verify/sentences/keySentences.ts";

const BATCH = batchId(`0x${"3f".repeat(32)}`);
const OTHER = `0x${"12".repeat(32)}` as const;

it("a batch of development keys is warned of, but on a local network where all are", async () => {
  const keyScheme = await hmacDevKeys({ chainId: LOCAL_CHAIN_ID }).keyScheme([2024, 2025]);
  const chainId = "4242";
  const warned = [expect.stringMatching(/^WARNING: .*development key scheme/s) as string];
  expect(keySentences(BATCH, { keyScheme, chainId })).toEqual(warned);
  expect(keySentences(BATCH, { keyScheme, chainId: String(LOCAL_CHAIN_ID) })).toEqual([]);
  const only = (which: "subject" | "dedupe") => keyScheme.map((one) => ({ ...one, [which]: OTHER }));
  expect(keySentences(BATCH, { keyScheme: only("subject"), chainId })).toEqual(warned);
  expect(keySentences(BATCH, { keyScheme: only("dedupe"), chainId })).toEqual(warned);
  const none = keyScheme.map(({ year }) => ({ year, subject: OTHER, dedupe: OTHER }));
  expect(keySentences(BATCH, { keyScheme: none, chainId })).toEqual([]);
});
