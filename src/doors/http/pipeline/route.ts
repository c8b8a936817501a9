import type { Readable } from "node:stream";
import type { Request } from "express";
import type { z } from "zod";
import type { Caller } from "../../../app/apiKeys/authenticator.ts";
import type { Role } from "../../../app/apiKeys/roles.ts";
import type { Context } from "../../../app/context.ts";
import type { Service } from "../../../app/service/serviceOf.ts";
import type { Problem } from "./problems.ts";

/** What a route's handler is given: everything checked. */
export interface Call<Params, Query, Body> {
  readonly service: Service;
  /** The caller's tenant: whatever a handler does, it does there. */
  readonly context: Context;
  readonly caller: Caller;
  readonly params: Params;
  readonly query: Query;
  readonly body: Body;
  /** The body's bytes, for routes that take files. */
  readonly bytes: Uint8Array;
  readonly request: Request;
  /** Aborted when the client has gone or the service stops: for what goes on as long as somebody reads. */
  readonly signal: AbortSignal;
  /**
   * 32 hex digits: those of the caller's `Idempotency-Key`, so that the same request makes the same thing,
   * else random ones.
   */
  readonly newId: string;
}

/**
 * What a handler answers. `json` is checked against the route's schema in tests; `bytes` and `stream` go out
 * as they are.
 */
export type Answer = {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
} & (
  | { readonly json: unknown }
  | { readonly bytes: Uint8Array; readonly contentType: string }
  | { readonly stream: Readable; readonly contentType: string }
  | { readonly problem: Problem }
  | { readonly empty: true }
);

/** What one status means, for the document. `json`: its schema; else a media type. */
export interface AnswerDoc {
  readonly description: string;
  readonly json?: z.ZodType;
  readonly media?: string;
}

/**
 * One verb of the service: what it takes, who may call it, what it does. The document is made of the same
 * schemas that check the request.
 */
export interface Route<
  Params extends z.ZodObject = z.ZodObject,
  Query extends z.ZodObject = z.ZodObject,
  Body extends z.ZodType = z.ZodType,
> {
  readonly method: "get" | "post" | "put" | "patch" | "delete";
  /** With `{name}` for each parameter. A last one that is written `{name*}` takes the rest of the path. */
  readonly path: string;
  /** Name of the function in the generated client. */
  readonly operationId: string;
  readonly tag: string;
  readonly summary: string;
  readonly description?: string;
  /** Null: anybody, without a key. */
  readonly role: Role | null;
  readonly params?: Params;
  readonly query?: Query;
  /** A JSON body. */
  readonly body?: Body;
  /** A body of other types than JSON, handed on as bytes. */
  readonly files?: { readonly types: readonly string[]; readonly description: string };
  /** True: honours `Idempotency-Key`. */
  readonly idempotent?: boolean;
  readonly answers: Readonly<Record<string, AnswerDoc>>;
  handle(call: Call<z.output<Params>, z.output<Query>, z.output<Body>>): Promise<Answer>;
}

/** Any route, its types forgotten: handlers are only ever given what their own schemas let pass. */
export type AnyRoute = Omit<Route, "handle"> & { handle(call: Call<never, never, never>): Promise<Answer> };

/** Ties a handler's types to the route's schemas. */
export function route<Params extends z.ZodObject, Query extends z.ZodObject, Body extends z.ZodType>(
  definition: Route<Params, Query, Body>,
): AnyRoute {
  return definition;
}

export const ok = (json: unknown): Answer => ({ status: 200, json });
