import type { Authenticate } from "../../../app/apiKeys/authenticator.ts";
import type { Service } from "../../../app/service/serviceOf.ts";
import type { Limits } from "./limitsOf.ts";

/** What mounting needs besides the routes. */
export interface RouteDeps {
  readonly service: Service;
  readonly authenticate: Authenticate;
  readonly limits: Limits;
  /** Bytes of one request's body. */
  readonly bodyBytes: number;
  /** Aborted where the service stops: streams end. */
  readonly stopping: AbortSignal;
}
