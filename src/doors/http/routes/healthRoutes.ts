import { z } from "zod";
import { isReady } from "../../../app/service/isReady.ts";
import { ok, route } from "../pipeline/route.ts";

const ready = z
  .object({ status: z.enum(["ready", "unready"]), database: z.boolean() })
  .meta({ id: "Readiness" });

/** Whether the process runs, and whether it can do its work. Nothing about anybody's data. */
export const healthRoutes = [
  route({
    method: "get",
    path: "/healthz",
    operationId: "getHealth",
    tag: "Service",
    summary: "The process runs",
    role: null,
    answers: {
      200: { description: "It does.", json: z.object({ status: z.literal("ok") }).meta({ id: "Health" }) },
    },
    handle: () => Promise.resolve(ok({ status: "ok" })),
  }),
  route({
    method: "get",
    path: "/readyz",
    operationId: "getReadiness",
    tag: "Service",
    summary: "The service can do its work",
    role: null,
    answers: {
      200: { description: "The database answers.", json: ready },
      503: { description: "It does not.", json: ready },
    },
    async handle({ service }) {
      const database = await isReady(service.root);
      return { status: database ? 200 : 503, json: { status: database ? "ready" : "unready", database } };
    },
  }),
];
