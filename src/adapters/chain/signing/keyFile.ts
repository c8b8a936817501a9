import { createCipheriv, createDecipheriv, randomUUID, scrypt, timingSafeEqual } from "node:crypto";
import { scryptAsync } from "@noble/hashes/scrypt.js";
import { keccak256 } from "viem";
import { privateKeyToAddress } from "viem/accounts";
import { InputError } from "../../../base/errors/errors.ts";
import { concatBytes, fromHex, toHex } from "../../../base/lib/bytes.ts";
import { MIB } from "../../../base/lib/sizes.ts";
import type { Randomness } from "../../../base/lib/system.ts";
import type { Hex } from "../../../base/types/ids.ts";

/** Cost of opening a file that we write: 128 MiB and some tenths of a second, as geth's do by default. */
const COST = { n: 131_072, r: 8, p: 1, dklen: 32 } as const;
/** A file from outside may not take all memory. */
const MAX_MEMORY_BYTES = 1024 * MIB;
const MAX_PARALLEL = 16;
const CIPHER = "aes-128-ctr";

interface ScryptCost {
  readonly n: number;
  readonly r: number;
  readonly p: number;
  readonly dklen: number;
}

/**
 * An encrypted key file of the usual format (Web3 Secret Storage, version 3; scrypt), as geth, ethers and
 * web3signer read and write it.
 * @param privateKey 0x and 64 hex digits
 */
export async function encryptKeyFile(
  privateKey: Hex,
  password: string,
  randomness: Randomness,
): Promise<string> {
  const salt = randomness.bytes(32);
  const iv = randomness.bytes(16);
  const derived = await derive(password, salt, COST);
  const cipher = createCipheriv(CIPHER, derived.subarray(0, 16), iv);
  const ciphertext = new Uint8Array(cipher.update(fromHex(privateKey)));
  const content = {
    version: 3,
    id: randomUUID(),
    address: plain(privateKeyToAddress(privateKey)),
    crypto: {
      cipher: CIPHER,
      ciphertext: plain(toHex(ciphertext)),
      cipherparams: { iv: plain(toHex(iv)) },
      kdf: "scrypt",
      kdfparams: { ...COST, salt: plain(toHex(salt)) },
      mac: plain(macOf(derived, ciphertext)),
    },
  };
  return `${JSON.stringify(content, null, 2)}\n`;
}

/**
 * The private key in a key file. No sentence ever holds a byte of file, password or key.
 * @param name what sentences call the file
 * @throws InputError `signer.key-file` where it is none, of a kind that this version does not open, or says
 * another address than the key's;
 * `signer.password` where the password is another one
 */
export async function decryptKeyFile(text: string, password: string, name: string): Promise<Hex> {
  const file = parse(text, name);
  const derived = await derive(password, file.salt, file.cost);
  const mac = fromHex(macOf(derived, file.ciphertext));
  if (!timingSafeEqual(mac, file.mac))
    throw new InputError(
      "signer.password",
      `The key file ${name} does not open with the password that was given.`,
    );
  const decipher = createDecipheriv(CIPHER, derived.subarray(0, 16), file.iv);
  const privateKey = toHex(new Uint8Array(decipher.update(file.ciphertext)));
  // The one member that nothing protects: who looks at the file takes it for the key's.
  if (file.address !== null && file.address !== addressOf(privateKey))
    throw new InputError(
      "signer.key-file",
      `The key file ${name} names another address than that of the key in it. Correct its member ` +
        '"address", or take it out.',
    );
  return privateKey;
}

/** Null where the bytes are none that secp256k1 takes as a key. */
function addressOf(privateKey: Hex): string | null {
  try {
    return plain(privateKeyToAddress(privateKey));
  } catch {
    return null;
  }
}

function parse(text: string, name: string) {
  const value = read(text);
  const crypto = fieldsOf(value["crypto"]);
  const parameters = fieldsOf(crypto["kdfparams"]);
  const { n, r, p, dklen } = parameters;
  const cost = { n, r, p, dklen };
  const [ciphertext, iv, salt, mac] = [
    bytesOf(crypto["ciphertext"]),
    bytesOf(fieldsOf(crypto["cipherparams"])["iv"]),
    bytesOf(parameters["salt"]),
    bytesOf(crypto["mac"]),
  ];
  const isOurs = value["version"] === 3 && crypto["cipher"] === CIPHER && crypto["kdf"] === "scrypt";
  if (
    !isOurs ||
    !isBearable(cost) ||
    ciphertext?.length !== 32 ||
    iv?.length !== 16 ||
    salt === null ||
    mac?.length !== 32
  )
    throw new InputError(
      "signer.key-file",
      `${name} is no key file that this version opens: Web3 Secret Storage, version 3, with scrypt ` +
        "(geth and ethers write such files).",
      { remedy: { act: "make-signer-key" } },
    );
  const said = value["address"];
  const address = typeof said === "string" ? said.toLowerCase().replace(/^0x/, "") : null;
  return { cost, ciphertext, iv, salt, mac, address };
}

function read(text: string): Record<string, unknown> {
  try {
    return fieldsOf(JSON.parse(text));
  } catch {
    return {};
  }
}

/** Names of members were written in either case by older programs. */
function fieldsOf(value: unknown): Record<string, unknown> {
  if (typeof value !== "object" || value === null) return {};
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name.toLowerCase(), member]));
}

function bytesOf(value: unknown): Uint8Array | null {
  if (typeof value !== "string" || !/^(?:[0-9a-f]{2}){1,64}$/i.test(value)) return null;
  return fromHex(`0x${value.toLowerCase()}`);
}

function isBearable(cost: Record<keyof ScryptCost, unknown>): cost is ScryptCost {
  const { n, r, p, dklen } = cost;
  if (![n, r, p, dklen].every((one) => Number.isSafeInteger(one) && (one as number) > 0)) return false;
  const { n: rounds, r: block, p: parallel } = cost as ScryptCost;
  const isPower = Number.isInteger(Math.log2(rounds)) && rounds > 1;
  return isPower && dklen === 32 && parallel <= MAX_PARALLEL && 128 * rounds * block <= MAX_MEMORY_BYTES;
}

function derive(password: string, salt: Uint8Array, { n, r, p, dklen }: ScryptCost): Promise<Uint8Array> {
  // As ethers takes passwords: composed, so that one typed on another machine is the same.
  const composed = password.normalize("NFKC");
  // OpenSSL refuses what RFC 7914 forbids; the format's own example and older wallets are like that.
  if (Math.log2(n) >= 16 * r)
    return scryptAsync(composed, salt, { N: n, r, p, dkLen: dklen, maxmem: 2 * MAX_MEMORY_BYTES });
  return new Promise((resolve, reject) => {
    const options = { N: n, r, p, maxmem: 2 * MAX_MEMORY_BYTES };
    scrypt(composed, salt, dklen, options, (error, key) => {
      if (error) reject(error);
      else resolve(new Uint8Array(key));
    });
  });
}

function macOf(derived: Uint8Array, ciphertext: Uint8Array): Hex {
  return keccak256(concatBytes(derived.subarray(16, 32), ciphertext));
}

function plain(hex: Hex): string {
  return hex.slice(2).toLowerCase();
}
