import {
  createDocument,
  type ZodOpenApiOperationObject,
  type ZodOpenApiPathsObject,
  type ZodOpenApiResponsesObject,
} from "zod-openapi";
import { z } from "zod";
import { VERSION } from "../../../app/process/version.ts";
import { PROBLEM_TYPE, problemSchema } from "../pipeline/problems.ts";
import type { AnyRoute } from "../pipeline/route.ts";

export type OpenApiDocument = ReturnType<typeof createDocument>;

const DESCRIPTION = `What a pooling operator does by the command line, as a service.

Send \`Authorization: Bearer mt_…\` with a key of your operator; each belongs to one tenant and has roles. \
Masses are decimal strings of whole
milligrams, times ISO 8601 in UTC. Refusals are problem+json (RFC 9457) with a dotted \`code\`. What \
outlasts a request answers 202 with an
operation. A request with an \`Idempotency-Key\` may be sent again: the same one gets the same answer, \
another one under the same key 422.
Files that are too large for one request come in pieces, by tus 1.0 (https://tus.io), at \`POST \
/v1/activities/uploads\` with \`Upload-Length\` and
\`Upload-Metadata: filename …,profile …[,provider …][,region …][,signature …]\`.`;

const PROBLEMS: Readonly<Record<string, string>> = {
  400: "The request breaks its schema, or a rule of HTTP.",
  401: "No good key.",
  403: "The key lacks the role.",
  404: "It is not here, or not yours.",
  409: "The state does not allow it, or the same request is under way.",
  413: "The body is too large.",
  415: "The body's type is not taken.",
  422: "What was sent breaks a rule.",
  429: "Too many requests; see Retry-After.",
  503: "A part that the service depends on is away; try again.",
};

/** The OpenAPI 3.1 document, made of the very schemas that check the requests. */
export function openApiDocument(routes: readonly AnyRoute[]): OpenApiDocument {
  const paths: ZodOpenApiPathsObject = {};
  for (const route of routes) {
    const path = route.path.replaceAll("*}", "}");
    paths[path] = { ...paths[path], [route.method]: operationOf(route) };
  }
  return createDocument({
    openapi: "3.1.1",
    info: {
      title: "Microtonne",
      version: VERSION,
      description: DESCRIPTION,
      license: { name: "Apache-2.0", identifier: "Apache-2.0" },
    },
    servers: [{ url: "/" }],
    components: {
      securitySchemes: { key: { type: "http", scheme: "bearer", bearerFormat: "mt_<id>_<secret>" } },
    },
    paths,
  });
}

function operationOf(route: AnyRoute): ZodOpenApiOperationObject {
  const { operationId, tag, summary, description, role, params, query, body, files, idempotent } = route;
  const note = role === null ? "Needs no key." : `Needs a key with the role \`${role}\`.`;
  const header = z.object({
    "Idempotency-Key": z
      .string()
      .max(255)
      .optional()
      .meta({ description: "Your own name for this request; see above." }),
  });
  return {
    operationId,
    tags: [tag],
    summary,
    description: description === undefined ? note : `${description}\n\n${note}`,
    security: role === null ? [] : [{ key: [] }],
    requestParams: {
      ...(params && { path: params }),
      ...(query && { query }),
      ...(idempotent === true && { header }),
    },
    ...(body && { requestBody: { required: true, content: { "application/json": { schema: body } } } }),
    // One media type in the document, so that generated clients send the bytes as they are.
    ...(files && {
      requestBody: {
        required: true,
        description: `${files.description} As ${files.types.join(", ")}.`,
        content: { "application/octet-stream": { schema: BINARY } },
      },
    }),
    responses: responsesOf(route),
  };
}

const BINARY = { type: "string", format: "binary" } as const;

function responsesOf({
  answers,
  role,
  params,
  body,
  files,
  idempotent,
}: AnyRoute): ZodOpenApiResponsesObject {
  const statuses = ["400", ...(role === null ? [] : ["401", "403", "429"]), "503"];
  if (params) statuses.push("404", "409");
  if (body || files) statuses.push("404", "413", "415", "422");
  if (idempotent === true) statuses.push("409", "422");
  const problems = [...new Set(statuses)].filter((status) => !(status in answers));
  const problem = { [PROBLEM_TYPE]: { schema: problemSchema } };
  return Object.fromEntries([
    ...Object.entries(answers).map(([status, { description, json, media }]) => {
      const isProblem = Number(status) >= 400 && json === undefined;
      const content = json
        ? { "application/json": { schema: json } }
        : media === undefined
          ? undefined
          : { [media]: { schema: BINARY } };
      return [status, { description, ...(isProblem ? { content: problem } : content && { content }) }];
    }),
    ...problems.map((status) => [status, { description: PROBLEMS[status] ?? "", content: problem }]),
  ]) as ZodOpenApiResponsesObject;
}
