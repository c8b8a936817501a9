import { STATUS_CODES } from "node:http";
import type { Response } from "express";
import { z } from "zod";
import type { Config } from "../../../app/process/config.ts";
import { problemOf } from "../../../app/service/problemOf.ts";
import { saidByRoutes } from "./saidByRoutes.ts";
import { statusOf } from "./statusOf.ts";

export const PROBLEM_TYPE = "application/problem+json";

/**
 * Problem details, RFC 9457. `type` names the kind of problem and leads nowhere; `code` is the same for
 * programs.
 */
export const problemSchema = z
  .object({
    type: z.string().meta({
      description: "`urn:microtonne:problem:` and the code.",
      example: "urn:microtonne:problem:batch.unknown",
    }),
    title: z.string().meta({ description: "The status in words.", example: "Not Found" }),
    status: z.int().meta({ example: 404 }),
    code: z.string().meta({ description: "Dotted code of what was wrong.", example: "batch.unknown" }),
    detail: z.string().meta({ description: "What was wrong, where, and what to do, in full sentences." }),
    requestId: z
      .string()
      .meta({ description: "Also in the header `X-Request-Id` and in the operator's log." }),
    errors: z
      .array(z.object({ path: z.string(), message: z.string() }))
      .optional()
      .meta({ description: "The fields that break their schema." }),
    absence: z
      .unknown()
      .optional()
      .meta({ description: "With `record.not-in-batch`: the proof that the batch has no leaf of the key." }),
  })
  .meta({ id: "Problem" });

export type Problem = z.output<typeof problemSchema>;

/** The problem of an error. What was not foreseen shows nothing of itself. */
export function problemFor(
  error: unknown,
  requestId: string,
  config: Pick<Config, "folder">,
  more: Partial<Problem> = {},
): Problem {
  const status = statusOf(error);
  const { code, detail } = saidByRoutes(problemOf(error, config));
  return {
    type: `urn:microtonne:problem:${code}`,
    title: STATUS_CODES[status] ?? "Error",
    status,
    code,
    detail,
    requestId,
    ...more,
  };
}

/** The id that an answer carries, set before anything else happens; it is also in the operator's log. */
export function requestIdOf(response: Response): string {
  return String(response.locals["requestId"]);
}
