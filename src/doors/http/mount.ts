import { createHash, randomUUID } from "node:crypto";
import { pipeline } from "node:stream/promises";
import express, { type Express, type NextFunction, type Request, type Response } from "express";
import { z } from "zod";
import type { Authenticate, Caller } from "../../app/access/authenticate.ts";
import type { KeptAnswer } from "../../app/service/answerOnce.ts";
import type { Service } from "../../app/service/service.ts";
import { HttpError } from "./httpError.ts";
import { idempotencyKeyOf, withIdempotency } from "./idempotency.ts";
import type { Limits } from "./limits.ts";
import { PROBLEM_TYPE, problemFor, statusOf } from "./problems.ts";
import { refuseSlowly } from "./refuseSlowly.ts";
import type { Answer, AnyRoute, Call } from "./route.ts";

/** What mounting needs besides the routes. */
export interface Doorway {
  readonly service: Service;
  readonly authenticate: Authenticate;
  readonly limits: Limits;
  /** Bytes of one request's body. */
  readonly bodyBytes: number;
  /** Aborted where the service stops: streams end. */
  readonly stopping: AbortSignal;
}

const JSON_TYPE = "application/json; charset=utf-8";

/** Puts routes on an app, each behind the same checks in the same order: key, role, limits, body, schemas, idempotency. */
export function mountRoutes(app: Express, routes: readonly AnyRoute[], doorway: Doorway): void {
  const readBody = express.raw({ type: () => true, limit: doorway.bodyBytes, inflate: false });
  for (const route of routes) {
    const steps = route.body || route.files ? [readBody] : [];
    const admit = async (request: Request, response: Response, next: NextFunction): Promise<void> => {
      response.locals["caller"] = await admitCaller(route, request, response, doorway);
      next();
    };
    app[route.method](expressPath(route.path), admit, ...steps, async (request: Request, response: Response) => {
      await answerCall(route, request, response, doorway);
    });
  }
}

/** Who calls, checked to have the role. @throws HttpError 401 `access.unauthenticated`, 403 `access.role`, 429 */
export async function admitCaller(
  { role }: Pick<AnyRoute, "role">,
  request: Request,
  response: Response,
  { authenticate, limits }: Pick<Doorway, "authenticate" | "limits">,
): Promise<Caller | null> {
  if (role === null) return null;
  const [, token] = /^Bearer ([!-~]{1,200})$/i.exec(request.get("Authorization") ?? "") ?? [];
  const caller = token === undefined ? null : await authenticate(token);
  if (!caller) {
    await limits.refused(request.ip ?? "");
    throw new HttpError(401, "access.unauthenticated", "Send a good key: Authorization: Bearer mt_…", { "WWW-Authenticate": "Bearer" });
  }
  response.set(await limits.request(caller));
  if (!caller.roles.includes(role)) {
    throw new HttpError(403, "access.role", `This needs a key with the role ${role}; yours has ${caller.roles.join(", ")}.`);
  }
  return caller;
}

async function answerCall(route: AnyRoute, request: Request, response: Response, doorway: Doorway): Promise<void> {
  const { service, stopping } = doorway;
  const caller = response.locals["caller"] as Caller | null;
  const context = caller ? await service.contextOf(caller.tenant) : service.root;
  const bytes = request.body instanceof Buffer ? bytesOf(request.body) : new Uint8Array();
  const gone = new AbortController();
  response.once("close", () => gone.abort());
  const key = route.idempotent === true ? idempotencyKeyOf(request) : null;
  const call = {
    service,
    context,
    caller: caller ?? { tenant: service.root.tenant, keyId: "", roles: [] },
    params: checked(route.params, paramsOf(request), "path"),
    query: checked(route.query, { ...request.query }, "query"),
    body: checked(route.body, route.body ? jsonOf(request, bytes) : undefined, "body"),
    bytes,
    request,
    signal: AbortSignal.any([gone.signal, stopping]),
    newId: key === null ? randomUUID().replaceAll("-", "") : idOfKey(context.tenant, route.operationId, key),
  } as Call<never, never, never>;
  if (route.files) checkType(route.files.types, request);
  if (key === null || !caller) return send(response, await route.handle(call));

  const { answer, replayed } = await withIdempotency(
    context,
    key,
    { method: request.method, url: request.originalUrl, bytes, contentType: request.get("Content-Type") ?? "" },
    async () => keptOf(await refusalAsAnswer(route.handle(call), response)),
  );
  await refuseSlowly(answer.status);
  if (replayed) response.set("Idempotency-Replayed", "true");
  if (answer.location !== null) response.set("Location", answer.location);
  response.status(answer.status).type(answer.contentType).send(Buffer.from(answer.body));
}

/** A refusal of the request itself is an answer that is kept like any other; what broke is thrown on. */
async function refusalAsAnswer(work: Promise<Answer>, response: Response): Promise<Answer> {
  try {
    return await work;
  } catch (error) {
    const status = statusOf(error);
    if (status >= 500) throw error;
    return { status, problem: problemFor(error, requestIdOf(response)) };
  }
}

/** The same bytes, not copied. */
function bytesOf({ buffer, byteOffset, length }: Buffer): Uint8Array {
  return new Uint8Array(buffer, byteOffset, length);
}

function keptOf(answer: Answer): KeptAnswer {
  const { status, headers } = answer;
  const location = headers?.["Location"] ?? null;
  if ("problem" in answer) return { status, location, contentType: PROBLEM_TYPE, body: Buffer.from(JSON.stringify(answer.problem)) };
  if ("json" in answer) return { status, location, contentType: JSON_TYPE, body: Buffer.from(JSON.stringify(answer.json)) };
  throw new Error("Only JSON answers can be kept.");
}

async function send(response: Response, answer: Answer): Promise<void> {
  response.status(answer.status).set(answer.headers ?? {});
  if ("problem" in answer) response.type(PROBLEM_TYPE).send(JSON.stringify(answer.problem));
  else if ("json" in answer) response.type(JSON_TYPE).send(JSON.stringify(answer.json));
  else if ("bytes" in answer) response.type(answer.contentType).send(Buffer.from(answer.bytes));
  else if ("stream" in answer) {
    response.type(answer.contentType);
    // A client that goes away in the middle is no fault of ours.
    await pipeline(answer.stream, response).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== "ERR_STREAM_PREMATURE_CLOSE") throw error;
    });
  } else response.end();
}

export function requestIdOf(response: Response): string {
  return String(response.locals["requestId"]);
}

/** `/v1/batches/{id}/files/{path*}` as express writes it. */
function expressPath(path: string): string {
  return path.replaceAll(/\{([A-Za-z]+)\*\}/g, "*$1").replaceAll(/\{([A-Za-z]+)\}/g, ":$1");
}

function paramsOf(request: Request): Record<string, string> {
  const entries = Object.entries(request.params as Record<string, string | string[]>);
  return Object.fromEntries(entries.map(([name, value]) => [name, Array.isArray(value) ? value.join("/") : value]));
}

function jsonOf(request: Request, bytes: Uint8Array): unknown {
  checkType(["application/json"], request);
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes)) as unknown;
  } catch {
    throw new HttpError(400, "request.json", "The body is no JSON in UTF-8.");
  }
}

function checkType(types: readonly string[], request: Request): void {
  if (request.get("Content-Encoding") !== undefined && request.get("Content-Encoding") !== "identity") {
    throw new HttpError(415, "request.encoding", "Content-Encoding is not taken. Send the gzip file itself where a file is asked for.");
  }
  const [type = ""] = (request.get("Content-Type") ?? "application/octet-stream").toLowerCase().split(";");
  if (!types.includes(type.trim())) {
    throw new HttpError(415, "request.type", `The Content-Type must be ${types.join(" or ")}.`);
  }
}

function checked(schema: z.ZodType | undefined, value: unknown, where: string): unknown {
  if (!schema) return {};
  const outcome = schema.safeParse(value);
  if (outcome.success) return outcome.data;
  const errors = outcome.error.issues.map((issue) => ({ path: [where, ...issue.path].join("."), message: issue.message }));
  throw new SchemaError(errors);
}

/** A request that breaks its schema; names the fields, never their values. */
export class SchemaError extends HttpError {
  readonly errors: readonly { readonly path: string; readonly message: string }[];
  constructor(errors: readonly { path: string; message: string }[]) {
    const list = errors.slice(0, 3).map(({ path, message }) => `${path}: ${message}`);
    super(400, "request.schema", `The request breaks its schema at ${list.join("; ")}.`);
    this.errors = errors.slice(0, 20);
  }
}

function idOfKey(tenant: string, operationId: string, key: string): string {
  return createHash("sha256").update(`microtonne/idempotency/1\n${tenant}\n${operationId}\n${key}`).digest("hex").slice(0, 32);
}

/** The error handler behind all routes: every refusal leaves as problem+json. */
export function answerErrors(service: Service) {
  return async (error: unknown, request: Request, response: Response, _next: NextFunction): Promise<void> => {
    const known = fromExpress(error);
    const problem = problemFor(known, requestIdOf(response), known instanceof SchemaError ? { errors: [...known.errors] } : {});
    if (problem.status >= 500) service.root.log.error({ requestId: problem.requestId, code: problem.code, err: known }, "a request broke");
    // Nobody reads it any more, and the answer may take its time.
    request.body = undefined;
    await refuseSlowly(problem.status);
    if (response.headersSent) {
      response.destroy();
      return;
    }
    const headers =
      known instanceof HttpError ? known.headers : problem.status === 503 || problem.status === 429 ? { "Retry-After": "2" } : {};
    response.status(problem.status).set(headers).type(PROBLEM_TYPE).send(JSON.stringify(problem));
  };
}

/** Errors of express' own parts, in our words. */
function fromExpress(error: unknown): unknown {
  const { type, status } = (error ?? {}) as { type?: string; status?: number };
  if (type === "entity.too.large") {
    return new HttpError(
      413,
      "request.too-large",
      "The body is larger than one request may be. Send it as an upload, in pieces: POST /v1/activities/uploads",
    );
  }
  if (type === "encoding.unsupported")
    return new HttpError(415, "request.encoding", "Content-Encoding is not taken. Send the gzip file itself.");
  if (type === "request.aborted" || type === "request.size.invalid") return new HttpError(400, "request.aborted", "The body ended early.");
  if (error instanceof URIError || (status === 400 && error instanceof Error))
    return new HttpError(400, "request.malformed", "The request can't be read.");
  return error;
}
