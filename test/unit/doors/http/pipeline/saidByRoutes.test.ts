import { describe, expect, it } from "vitest";
import { ROUTES } from "../../../../../src/doors/http/routes.ts";
import { saidByRoutes } from "../../../../../src/doors/http/pipeline/saidByRoutes.ts";
import { BATCH, EVERY_REMEDY } from "../../support/everyRemedy.ts";

const said = (remedy: (typeof EVERY_REMEDY)[number]): string =>
  saidByRoutes({ code: "a.b", detail: "No.", remedy }).detail;

describe("what to do, as the service says it", () => {
  it("stands behind what was wrong, as a whole sentence", () => {
    expect(saidByRoutes({ code: "a.b", detail: "No." })).toEqual({ code: "a.b", detail: "No." });
    for (const remedy of EVERY_REMEDY) expect(said(remedy)).toMatch(/^No\. [A-Z`].*\.$/);
  });

  it("names no command and no option", () => {
    for (const remedy of EVERY_REMEDY) expect(said(remedy)).not.toMatch(/\bmicrotonne [a-z]|--[a-z]/);
  });

  it("names only routes that there are", () => {
    const known = ROUTES.map(({ method, path }) => `${method.toUpperCase()} ${path}`);
    const named = EVERY_REMEDY.flatMap((remedy) =>
      [...said(remedy).matchAll(/\b(?:GET|POST|PUT|DELETE) \/v1\/[^\s`]+/g)].map(([route]) => route),
    );
    expect(named.length).toBeGreaterThan(10);
    for (const route of named)
      expect(known).toContain(
        route
          .replace(`/batches/${BATCH}`, "/batches/{batch}")
          .replace("/lookups/stations.csv", "/lookups/{name}")
          .replace(`/archives/${BATCH}/manifest.json`, "/archives/{batchId}/{path*}"),
      );
  });
});
