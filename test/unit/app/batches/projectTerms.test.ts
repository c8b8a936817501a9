import { expect, it } from "vitest";
import { projectTerms } from "../../../../src/app/batches/projectTerms.ts";
import type { Context } from "../../../../src/app/context.ts";
import { toHex, utf8 } from "../../../../src/base/lib/bytes.ts";
import { providerId, tenantId } from "../../../../src/base/lib/ids.ts";
import { keccak } from "../../../../src/format/keccak.ts";
import { refusedFor } from "../../../support/refusedFor.ts";

const HASHES = { roofs: `0x${"0a".repeat(32)}`, yards: `0x${"0b".repeat(32)}` } as const;

const projectFile = (id: keyof typeof HASHES) => ({
  schema: "microtonne-project/1",
  id,
  name: `Project ${id}`,
  region: "NEWCITY",
  scenario: "pv-generation",
  creditingPeriod: { firstDay: "2025-01-01", lastDay: "2025-12-31" },
  capacity: { value: "0.8", unit: "MW" },
  place: "NEWCITY",
  installations: { kind: "meter", count: 2 },
  baselineHash: `0x${"b1".repeat(32)}`,
  ownerHash: HASHES[id],
  notUnderEts: { statementHash: `0x${"e7".repeat(32)}` },
  excludes: ["ev-charging"],
  noticeDays: 14,
});

/**
 * What the manifest says of these providers, where a folder has two projects, both registered if not said.
 */
function termsOf(ids: readonly string[], registrations: readonly (string | null)[] = ["R-1", "R-2"]) {
  const rows = (["roofs", "yards"] as const).map((id, n) => ({
    json: JSON.stringify(projectFile(id)),
    state: "registered",
    proposed_by: new Uint8Array(20),
    noticed_at: null,
    objections: 0,
    registration: registrations[n] ?? null,
  }));
  const query = (sql: string) => Promise.resolve(sql.includes("FROM project_decisions") ? [] : rows);
  const place = { db: { query }, tenant: tenantId("pool") } as unknown as Pick<Context, "db" | "tenant">;
  return projectTerms(
    place,
    ids.map((id) => providerId(id)),
  );
}
it("a batch of one project has its owner's document for a title", async () => {
  const { projects, title } = await termsOf(["yards"]);
  expect(title).toEqual({ kind: "project-owner", documentHash: HASHES.yards });
  expect(projects).toHaveLength(1);
  expect(projects[0]).toMatchObject({ id: "yards", name: "Project yards", registration: "R-2" });
  expect(Object.keys(projects[0] ?? {}).toSorted()).toEqual([
    "baselineHash",
    "creditingPeriod",
    "excludes",
    "id",
    "name",
    "place",
    "registration",
  ]);
});

it("a batch of several has the hash of all their owners' documents, by project", async () => {
  const { projects, title } = await termsOf(["roofs", "yards"]);
  expect(projects.map(({ id }) => id)).toEqual(["roofs", "yards"]);
  const [roofs, yards] = [HASHES.roofs, HASHES.yards];
  const listed = `[{"documentHash":"${roofs}","id":"roofs"},{"documentHash":"${yards}","id":"yards"}]`;
  expect(title).toEqual({ kind: "project-owner", documentHash: toHex(keccak(utf8(listed))) });
});

it("months of what is no project, or of one that is not registered, are in no batch", async () => {
  for (const ids of [["roofs", "strangers"], ["strangers"]]) {
    await expect(termsOf(ids)).rejects.toEqual(refusedFor("project.unknown"));
    await expect(termsOf(ids)).rejects.toThrow(
      "The batch holds months of strangers, which is no registered project.",
    );
  }
  await expect(termsOf(["roofs", "yards"], ["R-1", null])).rejects.toThrow("months of yards, which is no");
});
