import type { Express, NextFunction, Request, Response } from "express";
import { collectDefaultMetrics, Counter, Histogram, Registry } from "prom-client";
import { admitCaller } from "./admitCaller.ts";
import type { RouteDeps } from "./routeDeps.ts";

/**
 * Figures of the service for Prometheus: requests and their durations by route and status, and those of the
 * process. No tenant and no key is among the labels. `GET /metrics` needs a key with the role `metrics`.
 */
export function mountMetrics(app: Express): { serve(deps: RouteDeps): void } {
  const register = new Registry();
  collectDefaultMetrics({ register });
  const requests = new Counter({
    name: "microtonne_http_requests_total",
    help: "Requests answered.",
    labelNames: ["method", "route", "status"],
    registers: [register],
  });
  const seconds = new Histogram({
    name: "microtonne_http_request_seconds",
    help: "From the request's head to the answer's end.",
    labelNames: ["method", "route"],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
    registers: [register],
  });
  app.use((request: Request, response: Response, next: NextFunction) => {
    const started = process.hrtime.bigint();
    response.once("close", () => {
      // The pattern, never the path: a path is the caller's text, and each would be a series of its own.
      const route = (request.route as { path?: string } | undefined)?.path ?? "none";
      requests.inc({ method: request.method, route, status: response.statusCode });
      seconds.observe({ method: request.method, route }, Number(process.hrtime.bigint() - started) / 1e9);
    });
    next();
  });
  return {
    serve(deps) {
      app.get("/metrics", async (request, response) => {
        await admitCaller({ role: "metrics" }, request, response, deps);
        response.type(register.contentType).send(await register.metrics());
      });
    },
  };
}
