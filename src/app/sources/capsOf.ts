import type { IngestCaps } from "../../stages/ingest/caps.ts";
import type { Config } from "../process/config.ts";

/** The caps on a file that the settings name; the others are `DEFAULT_CAPS`. */
export function capsOf({
  caps: { inputBytes, rowBytes, inflationRatio },
}: Pick<Config, "caps">): Pick<IngestCaps, "inputBytes" | "rowCharacters" | "inflationRatio"> {
  return { inputBytes, rowCharacters: rowBytes, inflationRatio };
}
