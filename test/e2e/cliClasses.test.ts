import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { LISTED_CLASSES } from "../../src/format/batch/classes/scenarioClasses.ts";
import { startStaticServer, type StaticServer } from "../unit/verify/support/startStaticServer.ts";
import { microtonne } from "./support/microtonne.ts";

const CLASSES = {
  schema: "microtonne-scenario-classes/1",
  region: "WUHAN",
  version: 3,
  classes: [...LISTED_CLASSES, { code: 9, name: "ferry", unit: "passenger-km" }],
};
const RIDES = `recordId,subject,scenario,startedAt,endedAt,quantity,unit
r1,person-1,metro,2025-06-18T08:00:00+08:00,,9,passenger-km
r2,person-2,metro,2025-06-18T09:00:00+08:00,,9,passenger-km
`;
/** Each step is a process of its own, some with a chain. */
const MINUTES = 600_000;

describe("a batch of a list of classes that its registrar published", () => {
  let folder: string;
  let data: string;
  let batchId: string;
  let site: StaticServer;
  const path = (name: string): string => join(folder, name);
  const answer = async (at: string, ...args: string[]) => {
    const { code, out, err } = await microtonne(["--data", at, "--json", ...args]);
    return { code, err, ...(JSON.parse(out) as Record<string, unknown>) };
  };
  const fine = async (...args: string[]) => {
    const given = await answer(data, ...args);
    expect(given).toMatchObject({ code: 0 });
    return given;
  };
  const nowhere = (...args: string[]) => answer(path("none"), ...args);
  const archive = (): string => join(data, "archive", readdirSync(join(data, "archive"))[0] ?? "");

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "microtonne-cli-classes-"));
    data = path("data");
    writeFileSync(path("classes.json"), JSON.stringify(CLASSES));
    writeFileSync(path("rides.csv"), RIDES);
    await fine("rules", "propose", path("classes.json"));
    await fine("rules", "publish", "scenario-classes:WUHAN@3");
    await fine("ingest", path("rides.csv"), "--profile", "canonical-csv");
    const closed = await fine("batch", "close", "--region", "WUHAN", "--vintage", "2025");
    ({ batchId } = closed as unknown as { batchId: string });
    await fine("mint", batchId);
    const proof = path("ride.proof.json");
    await fine("prove", "--record", "r1", "--provider", "canonical", "--out", proof);
    const names = readdirSync(archive(), { recursive: true, withFileTypes: true });
    const files = names
      .filter((one) => one.isFile())
      .map((one) => join(one.parentPath, one.name))
      .map((file) => [file.slice(archive().length + 1), new Uint8Array(readFileSync(file))] as const);
    site = await startStaticServer(new Map(files));
  }, MINUTES);
  afterAll(async () => {
    await (site as StaticServer | undefined)?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it(
    "has its classes in a profile that is proposed in the folder, and in no other",
    async () => {
      const init = ["profile", "init", path("rides.csv"), "--scenario", "ferry"];
      const { profile } = (await fine(...init)) as unknown as { profile: string };
      expect(profile).toContain("scenario: { constant: ferry }");
      expect(await nowhere(...init)).toMatchObject({ code: 1, error: { code: "scenario.unknown" } });
    },
    MINUTES,
  );

  it(
    "is verified in the folder where the list was published, with the folder's chain and without",
    async () => {
      const proof = path("ride.proof.json");
      expect(await answer(data, "verify", proof, "--own")).toMatchObject({ code: 0, ok: true });
      expect(await answer(data, "verify", archive(), "--own")).toMatchObject({ code: 0, ok: true });
      expect(await answer(data, "verify", proof, "--batch-id", batchId)).toMatchObject({ ok: true });
      const leaf = ["--url", site.url, "--leaf", "1", "--batch-id", batchId];
      expect(await answer(data, "verify", ...leaf)).toMatchObject({ code: 0, ok: true });
    },
    MINUTES,
  );

  it(
    "is verified by nobody's folder with the list's file; without, the refusal says where it goes",
    async () => {
      const [proof, classes] = [path("ride.proof.json"), ["--classes", path("classes.json")]];
      const ways = [
        [proof, "--batch-id", batchId],
        [archive(), "--batch-id", batchId],
        ["--url", site.url, "--leaf", "1", "--batch-id", batchId],
      ];
      for (const way of ways) {
        expect(await nowhere("verify", ...way, ...classes)).toMatchObject({ code: 0, ok: true });
        expect(await nowhere("verify", ...way)).toMatchObject({
          code: 1,
          error: {
            code: expect.stringMatching(/^(verify|archive)\.scenario-classes$/) as string,
            message: expect.stringMatching(/verify --classes FILE.*rules add FILE/) as string,
          },
        });
      }
      writeFileSync(path("other.json"), JSON.stringify({ ...CLASSES, version: 4 }));
      expect(await nowhere("verify", proof, "--classes", path("other.json"))).toMatchObject({
        error: { code: "verify.scenario-classes" },
      });
    },
    MINUTES,
  );
});
