import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Context } from "../../src/app/context.ts";
import { ingestFile } from "../../src/app/ingest/ingestFile.ts";
import { parseProfile } from "../../src/stages/ingest/profile/profile.ts";
import { newPlace, type Place } from "./support/newPlace.ts";
import {
  arrayRows,
  chineseTariffs,
  nem12,
  odometer,
  unitInCell,
  wideMeter,
} from "./support/inventedMeters.ts";
import {
  counterCharging,
  germanCharging,
  ocpiCharging,
  placedBikes,
  pointBikes,
  ridersTrips,
} from "./support/inventedProviders.ts";

const PROVIDERS = [
  germanCharging,
  placedBikes,
  pointBikes,
  ocpiCharging,
  ridersTrips,
  counterCharging,
  nem12,
  wideMeter,
  chineseTariffs,
  unitInCell,
  odometer,
  arrayRows,
].map((invent) => invent());

describe("a wholly new format comes in by a profile alone", () => {
  let place: Place;
  let context: Context;
  beforeAll(async () => {
    place = await newPlace(null);
    context = await place.open();
  });
  afterAll(async () => {
    await context.close();
    await place.remove();
  });

  it.each(PROVIDERS.map((one) => [one.name, one] as const))(
    "%s",
    async (name, { profile, file, expected }) => {
      const path = join(place.folder, name);
      await writeFile(path, file);
      const report = await ingestFile(context, {
        file: path,
        profile: parseProfile(profile),
        rejectsFile: null,
        duplicatesFile: null,
        lookupFolder: null,
      });
      const { accepted, reasons, milligrams, read, rejected, duplicates } = report;
      expect({
        codes: { ...(accepted > 0 && { ok: accepted }), ...reasons },
        milligrams: BigInt(milligrams),
      }).toEqual(expected);
      expect(read).toBe(accepted + rejected + duplicates);
      expect(read).toBe(Object.values(expected.codes).reduce((sum, count) => sum + count));
      expect(expected.milligrams).toBeGreaterThan(0n);
    },
  );
});
