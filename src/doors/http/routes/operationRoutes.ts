import { z } from "zod";
import { describeOperation } from "../../../app/service/operations.ts";
import { ok, route } from "../pipeline/route.ts";
import { withCause } from "../pipeline/withCause.ts";
import { operationSchema } from "../schemas/common.ts";

/** Work that outlasts its request, looked at. */
export const operationRoutes = [
  route({
    method: "get",
    path: "/v1/operations/{operation}",
    operationId: "getOperation",
    tag: "Operations",
    summary: "How far an operation is",
    role: "read",
    params: z.strictObject({ operation: z.string().min(1).max(80).meta({ description: "Its id." }) }),
    answers: { 200: { description: "The operation.", json: operationSchema } },
    handle: async ({ context, params }) => ok(withCause(await describeOperation(context, params.operation))),
  }),
];
