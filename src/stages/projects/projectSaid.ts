import { canonicalJson } from "../../format/canonicalJson.ts";
import type { ProjectEvent } from "./ports.ts";

/**
 * What a step says, as canonical JSON; `{}` where nothing. It leaves out who took which step when, and what
 * the key may do: a step that is taken again says the same.
 */
export function projectSaid(event: ProjectEvent): string {
  const { what: _what, by: _by, at: _at, ...rest } = event;
  const { regions: _regions, today: _today, ...own } = { regions: null, today: null, ...rest };
  return canonicalJson(own);
}
