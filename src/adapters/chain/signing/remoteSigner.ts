import {
  keccak256,
  recoverAddress,
  serializeTransaction,
  type Signature,
  type TransactionSerializableEIP1559,
} from "viem";
import { publicKeyToAddress } from "viem/accounts";
import { CheckFailedError, StateError, UnavailableError, UsageError } from "../../../base/errors/errors.ts";
import { isLoopbackUrl } from "../../../base/lib/isLoopbackUrl.ts";
import { KIB } from "../../../base/lib/sizes.ts";
import type { Address, Hex } from "../../../base/types/ids.ts";
import type { Signer } from "../../../stages/outbox/ports.ts";
import { redactUrl } from "../client.ts";

const KEYS_PATH = "/api/v1/eth1/publicKeys";
const SIGN_PATH = "/api/v1/eth1/sign/";
/** Long enough for a module behind the signer that asks a person's approval of nothing. */
const CALL_MILLISECONDS = 15_000;
/** A list of some thousand keys; a signature has 132 characters. */
const MAX_ANSWER_BYTES = 512 * KIB;
/** Half of the order of secp256k1's group. */
const HALF_ORDER = 0x7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0n;

/** A service that keeps keys and signs with them. */
export interface RemoteSignerPlace {
  /** `https`, or `http` at a loopback address. */
  readonly url: string;
  readonly address: Address;
  /** 15 s where not given. */
  readonly callMilliseconds?: number;
}

/**
 * A key at a service that speaks web3signer's HTTP API (`GET /api/v1/eth1/publicKeys`,
 * `POST /api/v1/eth1/sign/{identifier}`): it is sent the bytes, hashes them with keccak-256 and signs. That
 * one call signs transactions, EIP-712 and personal messages alike; each answer is held against the address.
 * @throws UsageError `signer.url`, `signer.unknown-key` where the service keeps no key of that address;
 * UnavailableError `signer.unavailable`. What signing throws: the latter, StateError `signer.refused`,
 * CheckFailedError `signer.wrong-signature`
 */
export async function remoteSigner(place: RemoteSignerPlace): Promise<Signer> {
  const { url } = place;
  const parsed = URL.parse(url);
  const isAllowed =
    parsed !== null &&
    (parsed.protocol === "https:" || (parsed.protocol === "http:" && isLoopbackUrl(url))) &&
    parsed.username === "" &&
    parsed.password === "";
  if (!isAllowed)
    throw new UsageError(
      "signer.url",
      "The address of a signing service must be https, or http at a loopback address, without a password " +
        "in it.",
    );
  const address = place.address.toLowerCase() as Address;
  const identifier = await identifierOf(place, address);
  const sign = async (message: Hex): Promise<Signature> => {
    const answer = await call(place, SIGN_PATH + identifier, { data: message });
    const signature = parsedSignature(answer.trim());
    if (signature === null || (await signerOf(message, signature)) !== address)
      throw new CheckFailedError(
        "signer.wrong-signature",
        `The signing service at ${redactUrl(url)} answered with something that is no signature of ` +
          `${address} over what it was sent. Nothing was sent on.`,
      );
    return signature;
  };
  return {
    address,
    signTransaction: async ({ to, ...fields }) => {
      const transaction: TransactionSerializableEIP1559 = {
        ...fields,
        type: "eip1559",
        ...(to === null ? {} : { to }),
      };
      return serializeTransaction(transaction, await sign(serializeTransaction(transaction)));
    },
    signKeccakOf: async (message) => {
      const { r, s, yParity } = await sign(message);
      return `${r}${s.slice(2)}${yParity === 0 ? "1b" : "1c"}`;
    },
  };
}

/** The service's own name of the key: its public key, as it lists it. */
async function identifierOf(place: RemoteSignerPlace, address: Address): Promise<string> {
  const listed = parsedKeys(await call(place, KEYS_PATH, null));
  const found = listed?.find((key) => addressOfKey(key) === address);
  if (found !== undefined) return found;
  throw new UsageError(
    "signer.unknown-key",
    `The signing service at ${redactUrl(place.url)} ` +
      (listed === null
        ? "does not list its keys as web3signer does. Check its address."
        : `keeps no key of ${address}. Load it there, or correct the address.`),
  );
}

function parsedKeys(text: string): string[] | null {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? value.filter((one) => typeof one === "string") : null;
  } catch {
    return null;
  }
}

/** Public keys are listed as 64 bytes; with the byte 04 before them by other services. */
function addressOfKey(key: string): Address | null {
  const hex = /^(?:0x)?(?:04)?([0-9a-f]{128})$/i.exec(key)?.[1];
  return hex === undefined ? null : (publicKeyToAddress(`0x04${hex}`).toLowerCase() as Address);
}

/**
 * `r`, `s`, and `v` of 27, 28, 0 or 1. The same key's other signature of the same bytes, with `s` in the
 * upper half, is none: no node takes a transaction with it (EIP-2), and contracts refuse it.
 */
function parsedSignature(text: string): Signature | null {
  const [, r = "", s = "", v = ""] = /^0x([0-9a-f]{64})([0-9a-f]{64})(00|01|1b|1c)$/i.exec(text) ?? [];
  if (v === "" || BigInt(`0x${s}`) > HALF_ORDER) return null;
  return { r: `0x${r.toLowerCase()}`, s: `0x${s.toLowerCase()}`, yParity: parseInt(v, 16) % 27 };
}

async function signerOf(message: Hex, signature: Signature): Promise<Address | null> {
  const recovered = await recoverAddress({ hash: keccak256(message), signature }).catch(() => null);
  return recovered === null ? null : (recovered.toLowerCase() as Address);
}

/** No sentence repeats what the service said: it may hold what is its own. */
async function call(
  { url, callMilliseconds = CALL_MILLISECONDS }: RemoteSignerPlace,
  path: string,
  body: object | null,
): Promise<string> {
  const place = redactUrl(url);
  let response: Response;
  let text: string;
  try {
    response = await fetch(`${url.replace(/\/+$/, "")}${path}`, {
      method: body === null ? "GET" : "POST",
      headers: body === null ? {} : { "content-type": "application/json" },
      body: body === null ? null : JSON.stringify(body),
      // A signer that points elsewhere is not the one that was named.
      redirect: "error",
      signal: AbortSignal.timeout(callMilliseconds),
    });
    text = await boundedText(response);
  } catch {
    throw new UnavailableError(
      "signer.unavailable",
      `The signing service at ${place} gave no answer. Check that it runs and try again.`,
    );
  }
  if (response.ok) return text;
  if (response.status >= 500)
    throw new UnavailableError(
      "signer.unavailable",
      `The signing service at ${place} answered ${String(response.status)}. Look into its log and try again.`,
    );
  throw new StateError(
    "signer.refused",
    `The signing service at ${place} refused to sign, with ${String(response.status)}. ` +
      (response.status === 404
        ? "It does not keep that key any more, or its address is another one."
        : "Its log says why."),
  );
}

async function boundedText(response: Response): Promise<string> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    length += part.length;
    if (length > MAX_ANSWER_BYTES) throw new RangeError("too long");
    parts.push(part);
  }
  return Buffer.concat(parts).toString("utf8");
}
