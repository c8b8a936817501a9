import type { Authenticate } from "../../../app/apiKeys/authenticator.ts";
import type { Service } from "../../../app/service/serviceOf.ts";
import type { TenantShares } from "../../../app/service/tenantShares.ts";
import type { LargeBodies } from "./largeBodies.ts";
import type { Limits } from "./limitsOf.ts";
import type { UnreadAnswers } from "./unreadAnswers.ts";

/** What mounting needs besides the routes. */
export interface RouteDeps {
  readonly service: Service;
  readonly authenticate: Authenticate;
  readonly limits: Limits;
  /** Bytes of one request's body. */
  readonly bodyBytes: number;
  /** Answers that wait for their readers. */
  readonly unread: UnreadAnswers;
  /** Bytes of bodies that are received or worked on, by tenant. */
  readonly bodies: TenantShares;
  readonly largeBodies: LargeBodies;
  /** Aborted where the service stops: streams end. */
  readonly stopping: AbortSignal;
}
