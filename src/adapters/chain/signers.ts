import { pbkdf2Sync } from "node:crypto";
import { keccak256 } from "viem";
import {
  hdKeyToAccount,
  HDKey,
  privateKeyToAccount,
  type HDAccount,
  type PrivateKeyAccount,
} from "viem/accounts";
import { isLocalChain } from "../../base/lib/localChain.ts";
import { InputError, UsageError } from "../../base/errors/errors.ts";
import type { Hex } from "../../base/types/ids.ts";
import type { Signer } from "../../stages/outbox/ports.ts";
import { WORD32_ANY_CASE } from "../../base/lib/textPatterns.ts";

/** Known to everybody: anvil and Hardhat fund these accounts on development chains. */
const DEVELOPMENT_MNEMONIC = "test test test test test test test test test test test junk";
const DEVELOPMENT_ACCOUNTS = 10;
/** Derived once: it takes long enough to hold up whoever else is served by this process. */
let development: readonly Signer[] | null = null;

function signerOf(account: PrivateKeyAccount | HDAccount): Signer {
  return {
    address: account.address.toLowerCase() as Hex,
    signTransaction: async ({ to, ...fields }) =>
      account.signTransaction({ ...fields, type: "eip1559", ...(to === null ? {} : { to }) }),
    signKeccakOf: async (message) => account.sign({ hash: keccak256(message) }),
  };
}

/**
 * A signer that holds its secp256k1 key in this process.
 * @param privateKey 0x and 64 hex digits
 * @throws InputError `signer.malformed-key`; never repeats the key
 */
export function localSigner(privateKey: string): Signer {
  try {
    if (!WORD32_ANY_CASE.test(privateKey)) throw new Error("malformed");
    return signerOf(privateKeyToAccount(privateKey as Hex));
  } catch {
    throw new InputError(
      "signer.malformed-key",
      "A signing key must be 0x and 64 hex digits, and a number that secp256k1 takes as a key.",
    );
  }
}

/**
 * The ten accounts of the public development mnemonic, in order.
 * @throws UsageError `signer.development-key` on any chain but a local one: their keys are public
 */
export function devSigners(chainId: number): readonly Signer[] {
  if (!isLocalChain(chainId)) {
    throw new UsageError(
      "signer.development-key",
      `Development keys are public and work on a local chain only, not on chain ${String(chainId)}. ` +
        "Configure signing keys.",
    );
  }
  return (development ??= deriveDevelopment());
}

function deriveDevelopment(): Signer[] {
  // BIP-39's stretching, by the platform: in JavaScript it takes a hundred times as long.
  const master = HDKey.fromMasterSeed(pbkdf2Sync(DEVELOPMENT_MNEMONIC, "mnemonic", 2048, 64, "sha512"));
  return Array.from({ length: DEVELOPMENT_ACCOUNTS }, (_, addressIndex) =>
    signerOf(hdKeyToAccount(master, { addressIndex })),
  );
}
