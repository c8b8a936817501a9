import { expect, it } from "vitest";
import { docsPage } from "../../../../../src/doors/http/document/docsPage.ts";
import type { OpenApiDocument } from "../../../../../src/doors/http/document/openApiDocument.ts";

const REFERENCE = { $ref: "#/components/schemas/Thing" };
const DOCUMENT = {
  openapi: "3.1.1",
  info: { title: "<Things>", version: "1", description: "One & `two`.\n\nThree." },
  paths: {
    "/things": {
      post: {
        operationId: "make",
        tags: ["Making", "All"],
        summary: 'Makes "it"',
        description: "At once.",
        parameters: [
          {
            name: "key",
            in: "header",
            required: true,
            description: "Whose.",
            schema: { description: "No." },
          },
          { name: "n", in: "query", schema: { description: "How many." } },
          { name: "x", in: "query" },
          REFERENCE,
        ],
        requestBody: {
          content: {
            "application/json": { schema: REFERENCE },
            "text/csv": { schema: { format: "binary" } },
          },
        },
        responses: {
          200: { description: "Made.", content: { "application/json": { schema: { type: "string" } } } },
          404: {},
        },
      },
      get: { tags: ["All"] },
    },
    "/none": { put: { operationId: "untagged" } },
  },
  components: { schemas: { Thing: { type: "object" } } },
} as unknown as OpenApiDocument;

/** The page changes when somebody means it to: without the files beside this one a run writes them. */
it("shows all that is in a document, and nothing of it as markup", async () => {
  await expect(docsPage(DOCUMENT)).toMatchFileSnapshot("docsPage.snap");
});

it("shows a document that has next to nothing", async () => {
  const bare = { openapi: "3.1.1", info: { title: "Bare", version: "2" } } as OpenApiDocument;
  await expect(docsPage(bare)).toMatchFileSnapshot("docsPage.bare.snap");
});
