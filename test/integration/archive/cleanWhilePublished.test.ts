import { mkdir, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { cleanFolder, type HalfArchive } from "../../../src/adapters/archive/cleanFolder.ts";
import { archiveFolder, type ArchiveDraft } from "../../../src/adapters/archive/archiveFolder.ts";
import { yieldToEventLoop } from "../../../src/base/lib/yieldToEventLoop.ts";
import type { BatchId } from "../../../src/base/types/ids.ts";
import type { UnixSeconds } from "../../../src/base/types/quantities.ts";
import { halfArchiveState } from "../../../src/stages/pool/halfArchiveState.ts";

/** All that is half-written is stale. */
const IN_DAYS = (Math.floor(Date.now() / 1000) + 200_000) as UnixSeconds;
const options = { before: IN_DAYS, folders: true, dryRun: false, decideState: halfArchiveState };
const ROUNDS = 150;
const FILES = ["leaves", "manifest.json"];

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "microtonne-race-"));
});
afterEach(() => rm(folder, { recursive: true }));

describe("cleaning beside a close that publishes", () => {
  it("loses no archive and fails neither, however they meet", async () => {
    const published: string[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const batch = round.toString(16).padStart(64, "0");
      const draft = await halfAndDraft(batch, String(round));
      const late = async (steps: number): Promise<HalfArchive[]> => {
        for (let step = 0; step < steps; step++) await yieldToEventLoop();
        return cleanFolder(folder, options);
      };
      const publish = async (): Promise<void> => {
        for (let step = 0; step < round % 12; step++) await yieldToEventLoop();
        await draft.publish(`0x${batch}` as BatchId);
      };
      await Promise.all([publish(), late(round % 5), late(round % 7)]);
      published.push(batch);
    }
    await cleanFolder(folder, options);
    expect(await readdir(folder)).toEqual(published);
    for (const batch of published) expect(await readdir(join(folder, batch))).toEqual(FILES);
  });
});

/** A batch's folder without its manifest, and a draft that is about to take its place. */
async function halfAndDraft(batch: string, name: string): Promise<ArchiveDraft> {
  await mkdir(join(folder, batch, "leaves"), { recursive: true });
  const draft = await archiveFolder(folder).draft(name);
  await draft.write("leaves/000", Uint8Array.of(1));
  await draft.write("manifest.json", Uint8Array.of(2));
  return draft;
}
