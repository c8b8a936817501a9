import { z } from "zod";
import {
  describeMethodologies,
  describeMethodology,
} from "../../../app/methodologies/describeMethodology.ts";
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
  })
  .loose()
  .meta({ id: "Methodology" });

/** Methodology versions, with the id that their content hashes to. */
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
    handle: async ({ context }) => ok({ methodologies: await describeMethodologies(context) }),
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
