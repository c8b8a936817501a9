import { z } from "zod";
import {
  describeMethodologies,
  describeMethodology,
  type MethodologyDescription,
} from "../../../app/methodologies/describeMethodology.ts";
import { proposeRule } from "../../../app/rules/proposeRule.ts";
import { ok, route } from "../pipeline/route.ts";
import { word } from "../schemas/common.ts";

const methodology = z
  .object({
    methodologyId: word,
    test: z.boolean().meta({ description: "True: counts on local networks only." }),
    code: z.string(),
    version: z.string(),
    region: z.string(),
    scenario: z.string(),
    unit: z.string(),
    gramsPerUnit: z
      .string()
      .optional()
      .meta({ description: "Grams CO2e a unit, a decimal. Of microtonne-methodology/1; /2 has `rule`." }),
    timeZone: z.string(),
    state: z.enum(["shipped", "proposed", "published", "withdrawn"]).meta({
      description:
        "`shipped` with the program or `published` by the region's registrar: it counts. `proposed`: " +
        "yours, and nobody else's to see. `withdrawn`: it counts no new act; batches that were closed " +
        "with it stay valid.",
    }),
  })
  .loose()
  .meta({ id: "Methodology" });

/**
 * Methodology versions, with the id that their content hashes to. Publishing and withdrawing are a
 * registrar's, whose key no tenant of the service has: the command line does them.
 */
export const methodologyRoutes = [
  route({
    method: "get",
    path: "/v1/methodologies",
    operationId: "listMethodologies",
    tag: "Methodologies",
    summary: "All methodology versions",
    role: "read",
    answers: {
      200: { description: "By code and version.", json: z.object({ methodologies: z.array(methodology) }) },
    },
    handle: async ({ context }) => ok({ methodologies: (await describeMethodologies(context)).map(inList) }),
  }),
  route({
    method: "post",
    path: "/v1/methodologies",
    operationId: "proposeMethodology",
    tag: "Methodologies",
    summary: "Propose a methodology version to the registrar of its region",
    description:
      "The body is the version's file, JSON. It is kept as a proposal of your operator's address and " +
      "counts nothing before the region's registrar has published it, with a key of its own, from the " +
      "command line. " +
      "The same file twice is one proposal.",
    role: "operate",
    files: {
      types: ["application/json", "application/octet-stream"],
      description: "The version, `microtonne-methodology/2` or `/1`, at most 1 MiB.",
    },
    answers: { 200: { description: "The version with its standing.", json: methodology } },
    async handle({ context, bytes }) {
      const { id } = await proposeRule(context, { name: "The body", bytes }, ["methodology"]);
      return ok(await describeMethodology(context, id));
    },
  }),
  route({
    method: "get",
    path: "/v1/methodologies/{methodology}",
    operationId: "getMethodology",
    tag: "Methodologies",
    summary: "One version, by CODE, CODE@VERSION or the first digits of its id",
    role: "read",
    params: z.strictObject({ methodology: z.string().min(1).max(120).meta({ example: "WUHAN-METRO" }) }),
    answers: { 200: { description: "The version.", json: methodology } },
    handle: async ({ context, params }) => ok(await describeMethodology(context, params.methodology)),
  }),
];

/** Without what may be long, a table's rows or a predicate's texts: the single read has them. */
function inList(whole: MethodologyDescription): z.input<typeof methodology> {
  const long = new Set(["rule", "predicates", "deductions", "documents"]);
  const entries = Object.entries(whole).filter(([name]) => !long.has(name));
  return Object.fromEntries(entries) as z.input<typeof methodology>;
}
