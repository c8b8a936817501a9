import { activityRoutes } from "./routes/activityRoutes.ts";
import { apiKeyRoutes } from "./routes/apiKeyRoutes.ts";
import { archiveRoutes } from "./routes/archiveRoutes.ts";
import { batchRoutes } from "./routes/batchRoutes.ts";
import { eventRoutes } from "./routes/eventRoutes.ts";
import { healthRoutes } from "./routes/healthRoutes.ts";
import { methodologyRoutes } from "./routes/methodologyRoutes.ts";
import { operationRoutes } from "./routes/operationRoutes.ts";
import { profileRoutes } from "./routes/profileRoutes.ts";
import { providerRoutes } from "./routes/providerRoutes.ts";
import { retirementRoutes } from "./routes/retirementRoutes.ts";
import { uploadRoutes } from "./routes/uploadRoutes.ts";
import { webhookRoutes } from "./routes/webhookRoutes.ts";
import type { AnyRoute } from "./pipeline/route.ts";

/**
 * Every route, in the order in which a gram meets them. The OpenAPI document, the generated client and the
 * tests' role matrix are made of this list.
 */
export const ROUTES: readonly AnyRoute[] = [
  ...profileRoutes,
  ...methodologyRoutes,
  ...providerRoutes,
  ...activityRoutes,
  ...uploadRoutes,
  ...batchRoutes,
  ...archiveRoutes,
  ...retirementRoutes,
  ...operationRoutes,
  ...eventRoutes,
  ...webhookRoutes,
  ...apiKeyRoutes,
  ...healthRoutes,
];
