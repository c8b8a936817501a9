import { createHash, randomUUID } from "node:crypto";
import { pipeline } from "node:stream/promises";
import type { Express, Request, Response } from "express";
import type { z } from "zod";
import type { Caller } from "../../../app/apiKeys/authenticator.ts";
import type { KeptAnswer } from "../../../app/service/answerOnce.ts";
import { admitCaller } from "./admitCaller.ts";
import { delayRateLimited } from "./delayRateLimited.ts";
import { HttpError } from "./httpError.ts";
import { idempotencyKeyOf, withIdempotency } from "./idempotency.ts";
import { PROBLEM_TYPE, problemFor, requestIdOf } from "./problems.ts";
import { parseBody } from "./parseBody.ts";
import { readBody } from "./readBody.ts";
import type { Answer, AnyRoute, Call } from "./route.ts";
import type { RouteDeps } from "./routeDeps.ts";
import { SchemaError } from "./schemaError.ts";
import { statusOf } from "./statusOf.ts";
import type { UnreadAnswers } from "./unreadAnswers.ts";

const JSON_TYPE = "application/json; charset=utf-8";

/**
 * Puts routes on an app, each behind the same checks in the same order: key, role, limits, body, schemas,
 * idempotency.
 */
export function mountRoutes(app: Express, routes: readonly AnyRoute[], deps: RouteDeps): void {
  for (const route of routes) {
    app[route.method](expressPath(route.path), async (request: Request, response: Response) => {
      const caller = await admitCaller(route, request, response, deps);
      let held = 0;
      try {
        const bytes =
          route.body || route.files
            ? await readBody(request, deps.bodyBytes, (length) => {
                if (caller) deps.bodies.take(caller.tenant, length);
                held += length;
              })
            : new Uint8Array();
        await answerCall(route, request, response, { ...deps, caller, bytes });
      } finally {
        if (caller) deps.bodies.give(caller.tenant, held);
      }
    });
  }
}

async function answerCall(
  route: AnyRoute,
  request: Request,
  response: Response,
  {
    service,
    stopping,
    unread,
    largeBodies,
    caller,
    bytes,
  }: RouteDeps & { readonly caller: Caller | null; readonly bytes: Uint8Array },
): Promise<void> {
  const context = caller ? await service.contextOf(caller.tenant) : service.root;
  await largeBodies.turn(bytes.length);
  const gone = new AbortController();
  response.once("close", () => gone.abort());
  const key = route.idempotent === true ? idempotencyKeyOf(request) : null;
  const call = {
    service,
    context,
    caller: caller ?? { tenant: service.root.tenant, keyId: "", roles: [] },
    params: checked(route.params, paramsOf(request), "path"),
    query: checked(route.query, { ...request.query }, "query"),
    body: checked(route.body, route.body ? bodyOf(request, bytes) : undefined, "body"),
    bytes,
    request,
    signal: AbortSignal.any([gone.signal, stopping]),
    newId: key === null ? randomUUID().replaceAll("-", "") : idOfKey(context.tenant, route.operationId, key),
  } as Call<never, never, never>;
  if (route.files) checkType(route.files.types, request);
  if (key === null || !caller) return send(response, await route.handle(call), unread);

  const { answer, replayed } = await withIdempotency(
    context,
    key,
    {
      method: request.method,
      url: request.originalUrl,
      bytes,
      headers: [request.get("Content-Type") ?? "", request.get("Microtonne-Signature") ?? ""],
    },
    async () => keptOf(await refusalAsAnswer(route.handle(call), response, service)),
  );
  await delayRateLimited(answer.status);
  if (replayed) response.set("Idempotency-Replayed", "true");
  if (answer.location !== null) response.set("Location", answer.location);
  await unread.send(response.status(answer.status).type(answer.contentType), answer.body);
}

/** A refusal of the request itself is an answer that is kept like any other; what broke is thrown on. */
async function refusalAsAnswer(
  work: Promise<Answer>,
  response: Response,
  { root }: RouteDeps["service"],
): Promise<Answer> {
  try {
    return await work;
  } catch (error) {
    const status = statusOf(error);
    if (status >= 500) throw error;
    return { status, problem: problemFor(error, requestIdOf(response), root.config) };
  }
}

function keptOf(answer: Answer): KeptAnswer {
  const { status, headers } = answer;
  const location = headers?.["Location"] ?? null;
  if ("problem" in answer)
    return { status, location, contentType: PROBLEM_TYPE, body: Buffer.from(JSON.stringify(answer.problem)) };
  if ("json" in answer)
    return { status, location, contentType: JSON_TYPE, body: Buffer.from(JSON.stringify(answer.json)) };
  throw new Error("Only JSON answers can be kept.");
}

async function send(response: Response, answer: Answer, unread: UnreadAnswers): Promise<void> {
  response.status(answer.status).set(answer.headers ?? {});
  if ("problem" in answer) response.type(PROBLEM_TYPE).send(JSON.stringify(answer.problem));
  else if ("json" in answer)
    await unread.send(response.type(JSON_TYPE), Buffer.from(JSON.stringify(answer.json)));
  else if ("bytes" in answer) await unread.send(response.type(answer.contentType), answer.bytes);
  else if ("stream" in answer) {
    response.type(answer.contentType);
    // A client that goes away in the middle is no fault of ours.
    await pipeline(answer.stream, response).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== "ERR_STREAM_PREMATURE_CLOSE") throw error;
    });
  } else response.end();
}

/** `/v1/batches/{id}/files/{path*}` as express writes it. */
function expressPath(path: string): string {
  return path.replaceAll(/\{([A-Za-z]+)\*\}/g, "*$1").replaceAll(/\{([A-Za-z]+)\}/g, ":$1");
}

function paramsOf(request: Request): Record<string, string> {
  const entries = Object.entries(request.params as Record<string, string | string[]>);
  return Object.fromEntries(
    entries.map(([name, value]) => [name, Array.isArray(value) ? value.join("/") : value]),
  );
}

function bodyOf(request: Request, bytes: Uint8Array): unknown {
  checkType(["application/json"], request);
  return parseBody(bytes);
}

function checkType(types: readonly string[], request: Request): void {
  if (request.get("Content-Encoding") !== undefined && request.get("Content-Encoding") !== "identity") {
    throw new HttpError(
      "request.encoding",
      "Content-Encoding is not taken. Send the gzip file itself where a file is asked for.",
    );
  }
  const [type = ""] = (request.get("Content-Type") ?? "application/octet-stream").toLowerCase().split(";");
  if (!types.includes(type.trim())) {
    throw new HttpError("request.type", `The Content-Type must be ${types.join(" or ")}.`);
  }
}

/** Names of members that a schema does not know are the caller's own text, of any length. */
const MAX_SHOWN_CHARACTERS = 300;

function checked(schema: z.ZodType | undefined, value: unknown, where: string): unknown {
  if (!schema) return {};
  // No text of ours has a NUL character, and databases take none.
  for (const [name, text] of Object.entries(value ?? {}))
    if (typeof text === "string" && text.includes("\0"))
      throw new SchemaError([{ path: `${where}.${name}`, message: "has a NUL character" }]);
  const outcome = schema.safeParse(value);
  if (outcome.success) return outcome.data;
  const errors = outcome.error.issues.map((issue) => ({
    path: [where, ...issue.path].join(".").slice(0, MAX_SHOWN_CHARACTERS),
    message: issue.message.slice(0, MAX_SHOWN_CHARACTERS),
  }));
  throw new SchemaError(errors);
}

function idOfKey(tenant: string, operationId: string, key: string): string {
  return createHash("sha256")
    .update(`microtonne/idempotency/1\n${tenant}\n${operationId}\n${key}`)
    .digest("hex")
    .slice(0, 32);
}
