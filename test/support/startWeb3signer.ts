import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { keccak256, type Hex } from "viem";
import { privateKeyToAccount, sign } from "viem/accounts";

/**
 * How the service answers a call to sign: as documented, with a status, never, with another key's signature,
 * with the key's other signature (`s` in the upper half), with a signature of zeros, with something else, by
 * pointing elsewhere, or without an end.
 */
export type Web3signerMood =
  "fine" | number | "silent" | "other-key" | "high-s" | "zeros" | "babble" | "redirect" | "endless";

export interface Web3signerStub {
  readonly url: string;
  readonly address: Hex;
  /** What it was asked to sign, in order. */
  readonly asked: Hex[];
  mood: Web3signerMood;
  stop(): Promise<void>;
}

/**
 * A service that answers as web3signer's eth1 API is documented to: the list of public keys (64 bytes each),
 * and a signature (r, s, v of 27 or 28) over keccak-256 of the bytes that it is sent.
 */
export async function startWeb3signer(privateKey: Hex): Promise<Web3signerStub> {
  const account = privateKeyToAccount(privateKey);
  const identifier: Hex = `0x${account.publicKey.slice(4)}`;
  const other: Hex = `0x${"5a".repeat(32)}`;
  const asked: Hex[] = [];
  const stub = { mood: "fine" as Web3signerMood };

  const server = createServer((request, response) => {
    void respond(request, response);
  });
  async function respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [status, type, text] = await answer(request);
    if (status === 302) response.setHeader("location", "http://127.0.0.1:1/");
    response.writeHead(status, { "content-type": type });
    if (stub.mood !== "endless") response.end(text);
    else for (let i = 0; i < 40; i++) response.write("0".repeat(65_536));
  }
  async function answer(request: IncomingMessage): Promise<[number, string, string]> {
    if (request.method === "GET" && request.url === "/api/v1/eth1/publicKeys")
      return [200, "application/json", JSON.stringify([`0x${"11".repeat(64)}`, identifier])];
    const { mood } = stub;
    if (mood === "silent") return new Promise(() => undefined);
    if (typeof mood === "number") return [mood, "text/plain", "what it says is its own: canary-7781"];
    if (mood === "redirect") return [302, "text/plain", ""];
    if (mood === "babble") return [200, "text/plain", "0xcanary-7781"];
    if (request.method !== "POST" || request.url !== `/api/v1/eth1/sign/${identifier}`)
      return [404, "text/plain", "Public Key not found"];
    const { data } = JSON.parse(await bodyOf(request)) as { data: Hex };
    asked.push(data);
    const key = mood === "other-key" ? other : privateKey;
    const signature = await sign({ hash: keccak256(data), privateKey: key, to: "hex" });
    if (mood === "zeros") return [200, "text/plain", `0x${"00".repeat(64)}1b`];
    return [200, "text/plain", mood === "high-s" ? withHighS(signature) : signature];
  }
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return Object.assign(stub, {
    url: `http://127.0.0.1:${String(port)}`,
    address: account.address.toLowerCase() as Hex,
    asked,
    stop: () => stopped(server),
  });
}

const ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;

/** The same key's other signature over the same bytes. */
function withHighS(signature: Hex): Hex {
  const s = (ORDER - BigInt(`0x${signature.slice(66, 130)}`)).toString(16).padStart(64, "0");
  return `${signature.slice(0, 66) as Hex}${s}${signature.endsWith("1b") ? "1c" : "1b"}`;
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let text = "";
  for await (const part of request) text += String(part);
  return text;
}

async function stopped(server: Server): Promise<void> {
  server.closeAllConnections();
  server.close();
  await once(server, "close");
}
