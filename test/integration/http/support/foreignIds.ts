import fc from "fast-check";
import { ROUTES } from "../../../../src/doors/http/routes.ts";
import type { AnyRoute } from "../../../../src/doors/http/pipeline/route.ts";
import { jsonIn } from "./ask.ts";
import { valuesOf } from "./valuesOf.ts";
import type { Called, ServiceBench } from "./service.ts";
import type { TenantLife } from "./liveOnce.ts";

/**
 * Ids of what a tenant has made through every collection that takes a JSON body and answers 201, by the
 * collection's path.
 */
export type Created = ReadonlyMap<string, string>;

/** Makes one thing in each such collection, so that a route that is new here finds an id that is real. */
export async function createOne(bench: ServiceBench, token: string): Promise<Created> {
  const created = new Map<string, string>();
  for (const { method, path, operationId, body } of ROUTES.filter(
    ({ answers, params }) => "201" in answers && !params,
  )) {
    if (method !== "post" || !body) continue;
    for (const json of fc.sample(valuesOf(body), 20)) {
      const reply = await bench.call(operationId, { token, json });
      if (reply.status !== 201) continue;
      const id = Object.entries(jsonIn(reply) as Record<string, unknown>).find(([name]) =>
        name.endsWith("Id"),
      )?.[1];
      if (typeof id === "string") created.set(path, id);
      break;
    }
  }
  return created;
}

/**
 * A request to a route with the ids of another tenant wherever the path takes one; the rest is what the
 * schemas let pass.
 */
export function foreignRequest(
  route: AnyRoute,
  { ids }: Pick<TenantLife, "ids">,
  created: Created,
): Called & { readonly made: readonly string[] } {
  const { operationId, params, query, body, files, path } = route;
  const made: string[] = [];
  const invented = (params ? fc.sample(valuesOf(params), 1)[0] : {}) as Record<string, string>;
  const named = Object.keys(invented).map((name) => {
    const collection = path.slice(0, path.indexOf(`/{${name}`));
    const real = ids[`${operationId}.${name}`] ?? created.get(collection) ?? ids[name];
    if (real === undefined) made.push(name);
    return [name, real ?? invented[name] ?? ""];
  });
  const asked = (query ? fc.sample(valuesOf(query), 1)[0] : {}) as Record<string, unknown>;
  return {
    made,
    params: Object.fromEntries(named) as Record<string, string>,
    query: Object.fromEntries(Object.entries(asked).map(([name, value]) => [name, String(value)])),
    ...(body && { json: fc.sample(valuesOf(body), 1)[0] }),
    ...(files && { body: "{}\n", headers: { "content-type": files.types[0] ?? "" } }),
  };
}
