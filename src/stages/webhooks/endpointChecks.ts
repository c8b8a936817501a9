import { StateError } from "../../base/errors/errors.ts";
import type { EndpointStanding } from "./ports.ts";

/** More than any integrator has needed elsewhere; each event is copied as many times. */
const MAX_ENDPOINTS = 20;

/** @throws StateError `webhook.disabled` where an endpoint that something is to be sent to is switched off */
export function checkEndpointEnabled({ disabled }: Pick<EndpointStanding, "disabled">): void {
  if (disabled === null) return;
  throw new StateError(
    "webhook.disabled",
    "This webhook endpoint is switched off. Switch it on, then send again.",
  );
}

/** @throws StateError `webhook.too-many` where a tenant that has `endpoints` may have no more */
export function checkEndpointRoom(endpoints: number): void {
  if (endpoints < MAX_ENDPOINTS) return;
  throw new StateError(
    "webhook.too-many",
    `There are ${String(MAX_ENDPOINTS)} webhook endpoints already. Delete one that is not needed.`,
  );
}
