import { randomUUID } from "node:crypto";
import express, { type Express } from "express";
import helmet from "helmet";
import type { Authenticate } from "../../app/apiKeys/authenticator.ts";
import type { Service } from "../../app/service/serviceOf.ts";
import { TenantShares } from "../../app/service/tenantShares.ts";
import { MIB } from "../../base/lib/sizes.ts";
import { docsPage } from "./document/docsPage.ts";
import { openApiDocument } from "./document/openApiDocument.ts";
import { answerErrors } from "./pipeline/answerErrors.ts";
import { HttpError } from "./pipeline/httpError.ts";
import { limitPipelining } from "./pipeline/limitPipelining.ts";
import { limitsOf } from "./pipeline/limitsOf.ts";
import { mountMetrics } from "./pipeline/mountMetrics.ts";
import { mountRoutes } from "./pipeline/mountRoutes.ts";
import { mountUploads } from "./pipeline/mountUploads.ts";
import { LargeBodies } from "./pipeline/largeBodies.ts";
import { UnreadAnswers } from "./pipeline/unreadAnswers.ts";
import { ROUTES } from "./routes.ts";

/** Of one tenant's requests that are under way; eight bodies where one may be larger than 8 MiB. */
const MAX_TENANT_BODIES_BYTES = 64 * MIB;

/**
 * The HTTP service as an express app: every route behind the same checks, every refusal as problem+json (RFC
 * 9457).
 * @param stopping ends streams that would go on for as long as their reader stays
 */
export function httpApp(service: Service, authenticate: Authenticate, stopping: AbortSignal): Express {
  const { http } = service.root.config;
  const app = express();
  app.disable("x-powered-by");
  app.set("query parser", "simple");
  app.set("trust proxy", http.trustedProxies);
  app.use(
    helmet({
      contentSecurityPolicy: {
        directives: {
          defaultSrc: ["'none'"],
          styleSrc: ["'unsafe-inline'"],
          frameAncestors: ["'none'"],
          upgradeInsecureRequests: null,
        },
      },
    }),
  );
  app.use((request, response, next) => {
    const requestId = randomUUID();
    response.locals["requestId"] = requestId;
    response.set("X-Request-Id", requestId);
    response.set("Cache-Control", "no-store");
    if (request.httpVersion === "1.1" && request.get("Host") === undefined)
      throw new HttpError("request.host", "The header Host is missing. HTTP/1.1 asks for it.");
    next();
  });
  app.use(limitPipelining());
  const metrics = mountMetrics(app);
  const deps = {
    service,
    authenticate,
    limits: limitsOf(http.requestsPerMinute),
    bodyBytes: http.bodyBytes,
    unread: new UnreadAnswers(),
    largeBodies: new LargeBodies(),
    bodies: new TenantShares(Math.max(MAX_TENANT_BODIES_BYTES, 8 * http.bodyBytes), {
      code: "limit.bodies",
      sentence:
        "The bodies of your requests that are under way are too large together. Send the next one " +
        "when some have " +
        "been answered.",
    }),
    stopping,
  };
  metrics.serve(deps);
  const document = openApiDocument(ROUTES);
  // One copy of each, whoever reads it how slowly.
  const [json, page] = [JSON.stringify(document), docsPage(document)].map((text) => Buffer.from(text));
  app.get("/openapi.json", (_request, response) => void response.type("json").send(json));
  app.get("/docs", (_request, response) => void response.type("html").send(page));
  app.get("/", (_request, response) => response.redirect(302, "/docs"));
  mountUploads(app, deps);
  mountRoutes(app, ROUTES, deps);
  app.use((request) => {
    throw new HttpError(
      "route.unknown",
      `There is no ${request.method} at this path. GET /docs shows all there is.`,
    );
  });
  app.use(answerErrors(service));
  return app;
}
