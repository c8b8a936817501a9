import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { hmacDevKeys } from "../../../src/adapters/keys/hmacDevKeys.ts";
import { addClaims } from "../../../src/app/claims/addClaims.ts";
import type { Context } from "../../../src/app/context.ts";
import { parseConfig } from "../../../src/app/process/config.ts";
import { toHex } from "../../../src/base/lib/bytes.ts";
import { monthOfDay } from "../../../src/base/lib/time/calendar.ts";
import type { Day } from "../../../src/base/types/quantities.ts";
import { onEachEngine } from "../storage/support/onEachEngine.ts";
import { admit, reduction } from "../storage/support/samples.ts";

const keys = hmacDevKeys({ chainId: 31_337 });
const DAY = (Date.parse("2025-03-15") / 86_400_000) as Day;

describe("certificates of other registries", () => {
  let folder: string;
  beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), "microtonne-claims-"))));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  onEachEngine((bench) => {
    const ofTenant = async () => {
      const context = {
        db: bench.db(),
        tenant: await bench.tenant(),
        config: parseConfig({}, { folder }),
        keys: { subjects: keys },
      } as unknown as Context;
      const add = (header: string, ...rows: readonly string[]) => {
        const file = join(folder, "claims.csv");
        writeFileSync(file, `${[header, ...rows].join("\n")}\n`);
        return addClaims(context, file);
      };
      const claims = () =>
        context.db.query<{ certificate: string; asset: Uint8Array; micro_kwh: bigint }>(
          "SELECT certificate, asset, micro_kwh FROM external_claims WHERE tenant = $1 ORDER BY certificate",
          [context.tenant],
        );
      return { context, add, claims };
    };

    it("are added once, each on its own meter, whose number is kept nowhere", async () => {
      const { add, claims } = await ofTenant();
      const rows = ["M-1,2025-01-01,2025-01-31,GEC-1", "m 2,2025-01-01,2025-01-31,GEC-2"];
      const header = "meter,from,to,certificate";
      expect(await add(header, ...rows)).toEqual({ read: 2, added: 2, repeated: 0, refused: [] });
      expect(await add(header, ...rows.toReversed())).toEqual({
        read: 2,
        added: 0,
        repeated: 2,
        refused: [],
      });
      const assets = await keys.subjectKeys(
        ["M1", "M2"].map((identifier) => ({ scope: "asset/meter", identifier })),
      );
      expect(await claims()).toEqual([
        { certificate: "GEC-1", asset: assets[0], micro_kwh: 1_000_000_000n },
        { certificate: "GEC-2", asset: assets[1], micro_kwh: 1_000_000_000n },
      ]);
    });

    it("come in any order of columns, with an energy or none; a short row is refused", async () => {
      const { add, claims } = await ofTenant();
      const report = await add(
        "certificate,mwh,more,to,from,meter",
        "GEC-1,2.5,x,2025-01-31,2025-01-01,M-1",
        "GEC-2, 0.000001 ,x,2025-01-31,2025-01-01,M-1",
        "GEC-3",
      );
      expect(report).toMatchObject({ read: 3, added: 2 });
      expect((await claims()).map(({ micro_kwh: energy }) => energy)).toEqual([2_500_000_000n, 1_000n]);
    });

    it("that are refused are told by row, in the file's order, with their reason", async () => {
      const { context, add } = await ofTenant();
      // A metro ride that the certificate's meter was claimed for in March.
      const [asset] = await keys.subjectKeys([{ scope: "asset/meter", identifier: "M9" }]);
      const claim = {
        asset: toHex(asset as Uint8Array),
        month: monthOfDay(DAY),
        side: "act",
        classes: ["metro"],
        certificates: "voids",
        certified: 0n,
      } as const;
      await admit(context.db, context.tenant, [{ ...reduction({ id: "ride" }), claim }]);
      const report = await add(
        "meter,from,to,certificate,mwh",
        "M-1,2025-01-01,2025-01-31,GEC-1,9000000000",
        "M-1,2025-01-01,2025-01-31,GEC 2,1",
        "M-1,2025-01-01,2025-02-01,GEC-1,9000000000",
        "M-9,2025-02-01,2025-03-01,GEC-3,1",
        "M-1,2025-01-31,2025-01-31,GEC-4,9000000000",
        "M-9,2025-02-01,2025-02-28,GEC-5,1",
        "M-1,2025-01-01,2025-01-31,GEC-6,9223372036.9",
      );
      expect(report).toMatchObject({ read: 7, added: 2, repeated: 0 });
      expect(report.refused.map(({ row, code }) => [row, code])).toEqual([
        [2, "certificate.row"],
        [3, "certificate.differs"],
        [4, "certificate.counted"],
        [5, "certificate.sum"],
        [7, "certificate.row"],
      ]);
      const said = Object.fromEntries(report.refused.map(({ code, sentence }) => [code, sentence]));
      expect(said["certificate.row"]).toMatch(
        /^A row has a meter, two calendar days .+ in order .+ id .+ below nine thousand million\.$/,
      );
      expect(said["certificate.differs"]).toMatch(/ already with other days or another energy\.$/);
      expect(said["certificate.counted"]).toMatch(
        /^Acts or a project .+ Take it up with whoever sold the energy/,
      );
      expect(said["certificate.sum"]).toMatch(/^With the certificates .+ than can be counted\.$/);
      expect(JSON.stringify(report)).not.toMatch(/M-?[19]|GEC/);
    });
  });
});
