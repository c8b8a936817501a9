import {
  request as httpRequest,
  type ClientRequest,
  type IncomingMessage,
  type RequestOptions,
} from "node:http";
import { request as httpsRequest } from "node:https";
import type { LookupFunction } from "node:net";
import { RequestFilteringHttpAgent, RequestFilteringHttpsAgent } from "request-filtering-agent";
import { KIB } from "../../base/lib/sizes.ts";
import { endpointUrl, isAllowed } from "./endpointUrl.ts";
import { guardedLookup } from "./guardedLookup.ts";

/** The whole exchange: name, connection, TLS, request, answer. */
const DEADLINE_MS = 10_000;
/**
 * What is read of an answer's body, and thrown away, so that a receiver is not cut off in the middle of its
 * last line.
 */
const MAX_BODY_BYTES = 64 * KIB;

/**
 * Why there was no answer. `address`: the receiver's name leads to an address that is not public, or its URL
 * is none that is allowed.
 */
export type PostFailure = "timeout" | "address" | "name" | "connection" | "tls" | "protocol";

/** A receiver's answer, or why there was none. */
export type PostOutcome =
  | {
      readonly status: number;
      /** The header as it came, for 429 and 503. */ readonly retryAfter: string | null;
    }
  | { readonly failure: PostFailure };

export interface PostOptions {
  /** `host:port` that may be private; see `endpointUrl`. */
  readonly allow: readonly string[];
  readonly lookup: LookupFunction;
  /** Gives up early. */
  readonly signal?: AbortSignal;
  /** 10,000 where not given. */
  readonly deadlineMilliseconds?: number;
}

/**
 * Sends a webhook to an endpoint that a tenant has named. Returns the outcome; it throws
 * nothing. The name is looked up once, and the connection goes to an address that passed the filter: what the
 * name leads to a moment later does not matter. Redirects are not followed, bodies are not kept, connections
 * are not used again.
 */
export async function postWebhook(
  target: string,
  headers: Readonly<Record<string, string>>,
  body: string,
  options: PostOptions,
): Promise<PostOutcome> {
  let url: URL;
  try {
    url = endpointUrl(target, options.allow);
  } catch {
    return { failure: "address" };
  }
  const deadline = AbortSignal.timeout(options.deadlineMilliseconds ?? DEADLINE_MS);
  const open = isAllowed(url, options.allow);
  const settings: RequestOptions = {
    method: "POST",
    headers: { ...headers, "content-length": String(Buffer.byteLength(body)) },
    signal: options.signal ? AbortSignal.any([deadline, options.signal]) : deadline,
    lookup: open ? options.lookup : guardedLookup(options.lookup),
  };
  const filter = { keepAlive: false, allowPrivateIPAddress: open, allowMetaIPAddress: false };
  return new Promise((resolve) => {
    let status: PostOutcome | null = null;
    const request: ClientRequest =
      url.protocol === "https:"
        ? httpsRequest(url, { ...settings, agent: new RequestFilteringHttpsAgent(filter) })
        : httpRequest(url, { ...settings, agent: new RequestFilteringHttpAgent(filter) });
    const finish = (outcome: PostOutcome): void => {
      resolve(outcome);
      request.destroy();
    };
    request.on("error", (error) =>
      finish(status ?? { failure: deadline.aborted ? "timeout" : failureOf(error) }),
    );
    request.on("response", (response) => {
      const answer: PostOutcome = {
        status: response.statusCode ?? 0,
        retryAfter: response.headers["retry-after"] ?? null,
      };
      status = answer;
      drain(response, () => finish(answer));
    });
    request.end(body);
  });
}

/** Reads an answer's body to its end, its cap or its break-off, keeping nothing. */
function drain(response: IncomingMessage, done: () => void): void {
  let bytes = 0;
  response.on("data", (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > MAX_BODY_BYTES) done();
  });
  response.on("end", done).on("error", done).on("close", done);
}

function failureOf(error: Error): PostFailure {
  const code = (error as { code?: unknown }).code;
  const name = typeof code === "string" ? code : "";
  // The agent's own errors have no code.
  if (name === "EADDRFORBIDDEN" || /is not allowed\. Because/.test(error.message)) return "address";
  if (name === "ENOTFOUND" || name.startsWith("EAI_")) return "name";
  if (/^(?:ERR_TLS|ERR_SSL|CERT_|UNABLE_TO|DEPTH_ZERO|SELF_SIGNED|EPROTO)/.test(name)) return "tls";
  if (name.startsWith("HPE_") || name.startsWith("ERR_HTTP")) return "protocol";
  return "connection";
}
