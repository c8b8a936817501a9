import { BaseError, createPublicClient, custom, http, RpcRequestError, type PublicClient } from "viem";
import { isLocalChain } from "../../base/lib/localChain.ts";
import { MicrotonneError, UnavailableError, UsageError } from "../../base/errors/errors.ts";
import type { Hex } from "../../base/types/ids.ts";
import { pause } from "./pause.ts";

/**
 * The node answered, and its answer is an error. `data` is what a reverting contract returned, where the node
 * passes it on.
 */
export class NodeRefusal extends UnavailableError {
  readonly rpcCode: number;
  readonly data: Hex | null;
  constructor(method: string, rpcCode: number, said: string, data: Hex | null) {
    super("chain.refused", `The chain node refused ${method}: ${said}`);
    this.rpcCode = rpcCode;
    this.data = data;
  }
}

/** A node, checked to be on the chain that it should be on. */
export interface ChainClient {
  readonly chainId: number;
  /** Blocks that must follow a block before it counts as final; 0 where a block is final at once. */
  readonly finalityDepth: number;
  readonly pollMilliseconds: number;
  /** On a local chain that mines on demand only: makes a block. */
  readonly mine: (() => Promise<void>) | null;
  /** One JSON-RPC call, answered as the node answers. */
  request(method: string, params: readonly unknown[]): Promise<unknown>;
  /** Calls of viem's public client, with our errors. */
  ask<T>(action: (rpc: PublicClient) => Promise<T>): Promise<T>;
}

/** Where a node is, which chain it should be on, and how patient to be with it. */
export interface ConnectOptions {
  readonly rpcUrl: string;
  readonly chainId: number;
  readonly finalityDepth?: number;
  readonly pollMilliseconds?: number;
  /** How long a call is tried again before the node counts as unavailable. */
  readonly retryMilliseconds?: number;
  /** Makes blocks while waiting for finality. Local chains only. */
  readonly mineWhileWaiting?: boolean;
}

const CALL_MILLISECONDS = 20_000;
const MIN_PAUSE_MILLISECONDS = 50;
const MAX_PAUSE_MILLISECONDS = 2_000;

/** Scheme, host and port; users, passwords, paths and queries may carry keys. */
export function redactUrl(url: string): string {
  const parsed = URL.parse(url);
  return parsed === null
    ? "(not a URL)"
    : `${parsed.protocol}//${parsed.host}${parsed.pathname === "/" && parsed.search === "" ? "" : "/…"}`;
}

/** Tries again, at growing intervals, while the node does not answer at all. */
function retryingRequest(rpcUrl: string, retryMilliseconds: number): ChainClient["request"] {
  const transport = http(rpcUrl, { retryCount: 0, timeout: CALL_MILLISECONDS })({});
  return async (method, params) => {
    const giveUpAt = Date.now() + retryMilliseconds;
    for (let wait = MIN_PAUSE_MILLISECONDS; ; wait = Math.min(2 * wait, MAX_PAUSE_MILLISECONDS)) {
      try {
        return await transport.request({ method, params } as never);
      } catch (error) {
        const refusal =
          error instanceof BaseError ? error.walk((cause) => cause instanceof RpcRequestError) : null;
        if (refusal instanceof RpcRequestError) {
          const data: unknown = refusal.data;
          throw new NodeRefusal(
            method,
            refusal.code,
            refusal.details,
            typeof data === "string" && data.startsWith("0x") ? (data as Hex) : null,
          );
        }
        if (Date.now() + wait >= giveUpAt) {
          // No `cause`: viem's messages name the whole URL.
          const why = error instanceof BaseError ? error.name : "network error";
          throw new UnavailableError(
            "chain.unavailable",
            `The chain node at ${redactUrl(rpcUrl)} did not answer ${method} (${why}). Check that it ` +
              "runs and try again.",
          );
        }
        await pause(wait);
      }
    }
  };
}

/**
 * Connects to a chain node.
 * @throws UnavailableError `chain.unavailable`; UsageError `chain.other-chain` where the node is on another
 * chain, `chain.not-local`
 */
export async function connectChain(options: ConnectOptions): Promise<ChainClient> {
  const {
    rpcUrl,
    chainId,
    finalityDepth = 0,
    pollMilliseconds = 200,
    retryMilliseconds = 15_000,
    mineWhileWaiting = false,
  } = options;
  if (mineWhileWaiting && !isLocalChain(chainId)) {
    throw new UsageError(
      "chain.not-local",
      `Blocks are made on demand on a local chain only, and ${String(chainId)} is none.`,
    );
  }
  const url = URL.parse(rpcUrl);
  if (url === null || !["http:", "https:"].includes(url.protocol)) {
    throw new UsageError("chain.url", "The address of the chain node must be an http or https URL.");
  }
  const request = retryingRequest(rpcUrl, retryMilliseconds);
  const provider = {
    request: async (call: { method: string; params?: readonly unknown[] }) =>
      request(call.method, call.params ?? []),
  };
  const rpc = createPublicClient({ transport: custom(provider, { retryCount: 0 }) });
  const actual = Number(await request("eth_chainId", []));
  if (actual !== chainId) {
    throw new UsageError(
      "chain.other-chain",
      `The node at ${redactUrl(rpcUrl)} is on chain ${String(actual)}, not on ${String(chainId)}. ` +
        "Correct its address or the chain id.",
    );
  }
  return {
    chainId,
    finalityDepth,
    pollMilliseconds,
    mine: mineWhileWaiting ? async () => void (await request("evm_mine", [])) : null,
    request,
    ask: async (action) => {
      try {
        return await action(rpc);
      } catch (error) {
        for (let cause: unknown = error; cause instanceof Error; cause = cause.cause)
          if (cause instanceof MicrotonneError) throw cause;
        throw error;
      }
    },
  };
}
