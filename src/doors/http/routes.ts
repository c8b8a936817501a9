import { activityRoutes } from "./routes/activities.ts";
import { apiKeyRoutes } from "./routes/apiKeys.ts";
import { archiveRoutes } from "./routes/archives.ts";
import { batchRoutes } from "./routes/batches.ts";
import { eventRoutes } from "./routes/events.ts";
import { healthRoutes } from "./routes/health.ts";
import { methodologyRoutes } from "./routes/methodologies.ts";
import { operationRoutes } from "./routes/operations.ts";
import { profileRoutes } from "./routes/profiles.ts";
import { providerRoutes } from "./routes/providers.ts";
import { retirementRoutes } from "./routes/retirements.ts";
import { uploadRoutes } from "./routes/uploads.ts";
import { webhookRoutes } from "./routes/webhooks.ts";
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
