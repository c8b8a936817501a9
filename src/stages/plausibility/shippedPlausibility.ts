import { readdirSync, readFileSync } from "node:fs";
import { z } from "zod";
import { InputError } from "../../base/errors/errors.ts";
import { ruleSchema, type ScenarioRules } from "./ruleSchema.ts";

const FOLDER = new URL("rules/", import.meta.url);

/**
 * The plausibility rules that ship with Microtonne, one file a scenario class. @throws InputError
 * `plausibility.rules` naming file and field
 */
export function shippedPlausibility(): ScenarioRules[] {
  return readdirSync(FOLDER)
    .filter((file) => file.endsWith(".json"))
    .toSorted()
    .map((file) => {
      const outcome = ruleSchema.safeParse(JSON.parse(readFileSync(new URL(file, FOLDER), "utf8")));
      if (!outcome.success)
        throw new InputError(
          "plausibility.rules",
          `The plausibility rules ${file} break their schema. ${z.prettifyError(outcome.error)}`,
        );
      return outcome.data;
    });
}
