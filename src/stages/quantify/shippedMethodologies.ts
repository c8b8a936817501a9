import { readdirSync, readFileSync } from "node:fs";
import type { Methodology } from "../../base/types/methodology.ts";
import { parseMethodology } from "../../format/batch/methodology.ts";

const FOLDER = new URL("methodologies/", import.meta.url);

/**
 * The methodology versions that ship with Microtonne, `TEST-` ones included, by file name. @throws InputError
 * as `parseMethodology`
 */
export function shippedMethodologies(): Methodology[] {
  return readdirSync(FOLDER)
    .filter((file) => file.endsWith(".json"))
    .toSorted()
    .map((file) => parseMethodology(JSON.parse(readFileSync(new URL(file, FOLDER), "utf8"))));
}
