import { randomInt } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createApiKey } from "../../../../src/app/apiKeys/createApiKey.ts";
import type { Role } from "../../../../src/app/apiKeys/roles.ts";
import type { Context } from "../../../../src/app/context.ts";
import { serve, type Serving } from "../../../../src/doors/http/serve.ts";
import type { Clock } from "../../../../src/base/lib/system.ts";
import { tenantId } from "../../../../src/base/lib/ids.ts";
import { systemClock } from "../../../../src/app/process/system.ts";
import type { UnixSeconds } from "../../../../src/base/types/quantities.ts";
import { newPlace, type Place } from "../../../e2e/support/newPlace.ts";
import { ask, jsonIn, type Reply } from "./ask.ts";
import { expectContract, routeOf } from "./contract.ts";
import { until } from "./until.ts";

/** What a call of a route is made of. */
export interface Called {
  readonly token?: string | null;
  readonly params?: Readonly<Record<string, string>>;
  /** As it is sent: values that repeat come as lists. */
  readonly query?: Readonly<Record<string, string | readonly string[]>>;
  /** Sent as JSON. */
  readonly json?: unknown;
  readonly body?: string | Uint8Array;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A service that runs in this process on an engine, shared by a file's tests. */
export interface ServiceBench {
  url(): string;
  context(): Context;
  place(): Place;
  serving(): Serving;
  /** A tenant's new key. @param expiresAt never where not given */
  token(tenant: string, roles: readonly Role[], expiresAt?: number): Promise<string>;
  /** Calls a route; the answer has been held against its contract. */
  call(operationId: string, called: Called): Promise<Reply>;
  /** The same for its JSON. @throws where the status is another */
  json<T>(operationId: string, status: number, called: Called): Promise<T>;
  /** An operation of this tenant, once it has ended. */
  ended(token: string, operationId: string): Promise<Ended>;
}

export interface Ended {
  readonly state: "done" | "failed";
  readonly result: unknown;
  readonly problem: { readonly code: string; readonly detail: string } | null;
}

export interface BenchOptions {
  /** False: operations and uploads are entered and stay queued. */
  readonly jobs?: boolean;
  readonly settings?: Readonly<Record<string, string>>;
  readonly clock?: Clock;
}

const server = process.env["TEST_DATABASE_URL"];
const ENGINES = [
  { name: "PGlite", url: null },
  ...(server === undefined ? [] : [{ name: "Postgres", url: server }]),
];
/**
 * Limits that no test meets by accident; one proxy, so that requests can come from as many addresses as a
 * test wants.
 */
const ROOMY = { MICROTONNE_HTTP_REQUESTS_PER_MINUTE: "1000000000", MICROTONNE_HTTP_TRUSTED_PROXIES: "1" };

/** Runs a suite once per engine, each against a service of its own. */
export function onEachService(
  suite: (bench: ServiceBench) => void,
  { settings = {}, clock = systemClock, jobs = true }: BenchOptions = {},
): void {
  it.skipIf(server === undefined)(
    "TEST_DATABASE_URL is set, so Postgres is tested (`npm run with-postgres -- npm test` sets it)",
    () => {
      expect(server).toBeDefined();
    },
  );
  describe.each(ENGINES)("on $name", ({ url }) => {
    let place: Place;
    let context: Context;
    let serving: Serving;
    beforeAll(async () => {
      place = await newPlace(url, { ...ROOMY, ...settings });
      context = await place.open(clock);
      serving = await serve(context, { host: "127.0.0.1", port: 0, jobs });
    });
    afterAll(async () => {
      await serving.stop();
      await context.close();
      await place.remove();
    });
    suite(
      benchOf({ context: () => context, place: () => place, serving: () => serving, url: () => serving.url }),
    );
  });
}

function benchOf(parts: Pick<ServiceBench, "context" | "place" | "serving" | "url">): ServiceBench {
  const bench: ServiceBench = {
    ...parts,
    async token(tenant, roles, expiresAt) {
      const terms = {
        tenant: tenantId(tenant),
        label: `key of ${tenant}`,
        roles,
        expiresAt: (expiresAt ?? null) as UnixSeconds | null,
      };
      return (await createApiKey(parts.context(), terms)).token;
    },
    async call(operationId, called) {
      const reply = await ask(parts.url(), {
        method: routeOf(operationId).method.toUpperCase(),
        ...written(operationId, called),
      });
      expectContract(routeOf(operationId), reply);
      return reply;
    },
    async json<T>(operationId: string, status: number, called: Called) {
      const reply = await bench.call(operationId, called);
      expect(reply.status, `${operationId}: ${reply.bytes.subarray(0, 500).toString("utf8")}`).toBe(status);
      return jsonIn(reply) as T;
    },
    async ended(token, operationId) {
      return until(`the end of operation ${operationId}`, async () => {
        const found = await bench.json<Ended | { state: "queued" | "running" }>("getOperation", 200, {
          token,
          params: { operation: operationId },
        });
        return (found.state === "done" || found.state === "failed") && found;
      });
    },
  };
  return bench;
}

/** Path, headers and body of a call. */
export function written(
  operationId: string,
  { token = null, params = {}, query = {}, json, body, headers }: Called,
): { path: string; headers: Record<string, string>; body: string | Uint8Array | undefined } {
  const route = routeOf(operationId);
  const path = route.path.replaceAll(/\{([A-Za-z]+)(\*?)\}/g, (_all, name: string, rest: string) => {
    const value = params[name] ?? "";
    return rest === "" ? encodeURIComponent(value) : value.split("/").map(encodeURIComponent).join("/");
  });
  const pairs = Object.entries(query).flatMap(([name, value]) =>
    [value].flat().map((one) => [name, one] as [string, string]),
  );
  const search = pairs.length === 0 ? "" : `?${new URLSearchParams(pairs).toString()}`;
  return {
    path: `${path}${search}`,
    headers: {
      ...(token !== null && { authorization: `Bearer ${token}` }),
      ...(json !== undefined && { "content-type": "application/json" }),
      // Each from an address of its own, so that wrong keys of one test are not held against another.
      "x-forwarded-for": `10.${String(randomInt(256))}.${String(randomInt(256))}.${String(randomInt(256))}`,
      ...headers,
    },
    body: json === undefined ? body : JSON.stringify(json),
  };
}
