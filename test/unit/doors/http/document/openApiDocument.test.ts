import { expect, it } from "vitest";
import { VERSION } from "../../../../../src/app/process/version.ts";
import { openApiDocument } from "../../../../../src/doors/http/document/openApiDocument.ts";
import { ROUTES } from "../../../../../src/doors/http/routes.ts";

/** It changes when somebody means it to: without the file beside this one a run writes it anew. */
it("the document is as it was published, word for word", async () => {
  const { info, ...document } = openApiDocument(ROUTES);
  const { version, ...published } = info;
  expect(version).toBe(VERSION);
  await expect(`${JSON.stringify({ info: published, ...document }, null, 1)}\n`).toMatchFileSnapshot(
    "openApiDocument.snap",
  );
});
