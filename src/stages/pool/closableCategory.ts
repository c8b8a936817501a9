import { StateError } from "../../base/errors/errors.ts";
import type { MethodologyCategory } from "../../base/types/methodology.ts";
import type { ClosingCategory } from "./ports.ts";

/**
 * The category of a closing that is asked for. Behaviour is counted for an evaluation; nothing pools, mints
 * or sells it.
 * @throws StateError `closing.behaviour`
 */
export function closableCategory(category: MethodologyCategory): ClosingCategory {
  if (category !== "behaviour") return category;
  throw new StateError("closing.behaviour", "Behaviour is counted and never closed, minted or sold.", {
    remedy: { act: "report-behaviour" },
  });
}
