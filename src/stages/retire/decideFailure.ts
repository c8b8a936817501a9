import { StateError } from "../../base/errors/errors.ts";
import type { RetirementId } from "../../base/types/ids.ts";
import type { RetirementState } from "./ports.ts";

/**
 * A retirement may fail while it waits for the chain, and again; never once it is final.
 * @throws StateError `retirement.not-requested` where it is unknown or final
 */
export function decideFailure(retirementId: RetirementId, state: RetirementState | null): "failed" | "again" {
  if (state === "requested") return "failed";
  if (state === "failed") return "again";
  throw new StateError(
    "retirement.not-requested",
    `Retirement ${retirementId} is not waiting for the chain.`,
  );
}
