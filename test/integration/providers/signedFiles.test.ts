import { readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Context } from "../../../src/app/context.ts";
import { scratchIn } from "../../../src/app/sources/scratch.ts";
import { openSigning } from "../../../src/app/providers/openSigning.ts";
import { revokeProviderKey } from "../../../src/app/providers/revokeProviderKey.ts";
import { readSidecar } from "../../../src/app/providers/readSidecar.ts";
import { MicrotonneError } from "../../../src/base/errors/errors.ts";
import { providerId } from "../../../src/base/lib/ids.ts";
import type { UnixSeconds } from "../../../src/base/types/quantities.ts";
import { parseProfile, withProvider } from "../../../src/stages/ingest/profile/profile.ts";
import { readActivities } from "../../../src/stages/ingest/readActivities.ts";
import { shippedProfile, shippedProfileText } from "../../../src/stages/ingest/profile/shippedProfiles.ts";
import { newPlace, type Place } from "../../e2e/support/newPlace.ts";
import {
  at,
  DAY,
  ingest,
  rides,
  sign,
  signingProvider,
  TODAY,
  type SigningProvider,
} from "./support/signing.ts";

describe("a file that its provider signed", () => {
  let place: Place;
  let context: Context;
  let metro: SigningProvider;
  const write = async (name: string, content: string | Uint8Array): Promise<string> => {
    const path = join(place.folder, name);
    await writeFile(path, content);
    return path;
  };
  const codeOf = async (work: Promise<unknown>): Promise<string> =>
    work.then(
      () => "accepted",
      (error: unknown) => (error instanceof MicrotonneError ? error.code : String(error)),
    );
  const storedOf = async (provider: string): Promise<unknown> => {
    const count = async (table: string): Promise<number> =>
      Number(
        (
          await context.db.query<{ n: bigint }>(`SELECT count(*) AS n FROM ${table} WHERE provider = $1`, [
            provider,
          ])
        )[0]?.n,
      );
    const reductions = await count("reductions");
    // Record keys name no provider: those beyond the facts of all would be left over from this one.
    const [over] = await context.db.query<{ n: bigint }>(
      "SELECT (SELECT count(*) FROM records) - (SELECT count(*) FROM facts) AS n",
    );
    return { reductions, keys: reductions + Number(over?.n), files: await count("signed_files") };
  };
  const NOTHING = { reductions: 0, keys: 0, files: 0 };

  beforeAll(async () => {
    place = await newPlace(null);
    context = await place.open();
    metro = await signingProvider(context, place.folder, "metro");
  });
  afterAll(async () => {
    await context.close();
    await place.remove();
  });

  it("is taken, every record with its evidence; given again it adds nothing", async () => {
    const file = await write("first.csv", rides(40));
    await sign(context, metro, file);
    expect((await stat(`${file}.sig.json`)).mode & 0o777).toBe(0o600);
    expect(await ingest(context, metro, file)).toMatchObject({ read: 40, accepted: 40, rejected: 0 });
    expect(await ingest(context, metro, file)).toMatchObject({ read: 40, accepted: 0, duplicates: 40 });
    expect(await storedOf("metro")).toEqual({ reductions: 40, keys: 40, files: 1 });
    const [row] = await context.db.query<{ n: bigint }>(
      "SELECT count(*) AS n FROM reductions WHERE signing_key IS NOT NULL AND arrived_at = $1",
      [TODAY + 60],
    );
    expect(Number(row?.n)).toBe(40);
  });

  it("is refused as a whole, nothing of it stored, where its signature has any fault", async () => {
    const other = await signingProvider(context, place.folder, "tram");
    const thief = await signingProvider(context, place.folder, "tram", { name: "thief", add: false });
    const file = await write("tram.csv", rides(10, "t"));
    const after = async (
      change: Parameters<typeof sign>[3],
      when: { now?: number } = {},
      as: Pick<SigningProvider, "profile"> = other,
    ) => {
      await sign(context, other, file, change);
      return codeOf(ingest(context, as, file, when));
    };
    expect(await codeOf(ingest(context, other, file, { signature: null }))).toBe("signature.missing");
    expect(await after({ keyFile: thief.keyFile })).toBe("signature.key-unknown");
    expect(await after({ keyFile: metro.keyFile })).toBe("signature.key-unknown");
    expect(await after({ tenant: "other" })).toBe("signature.tenant");
    expect(await after({ signedAt: TODAY + 361 })).toBe("signature.future");
    expect(await after({ signedAt: TODAY }, { now: TODAY + 30 * DAY + 1 })).toBe("signature.stale");
    expect(await after({ signedAt: TODAY - DAY - 1 })).toBe("signature.key-expired");
    expect(await after({}, {}, { profile: withProvider(shippedProfile("canonical-csv"), "bus") })).toBe(
      "signature.provider",
    );
    const looser = parseProfile(
      shippedProfileText("canonical-csv").replace("maxSpeedKmh: 1300", "maxSpeedKmh: 1301"),
    );
    const elsewhere = { profile: { ...withProvider(looser, "tram"), description: "another" } };
    expect(await after({}, {}, elsewhere)).toBe("signature.profile");
    const signed = JSON.parse(await readFile(`${file}.sig.json`, "utf8")) as Record<string, unknown>;
    const withMember = (change: Record<string, unknown>) =>
      new TextEncoder().encode(JSON.stringify({ ...signed, ...change }));
    for (const [change, code] of [
      [{ signedAt: TODAY + 1 }, "signature.invalid"],
      [{ records: 9 }, "signature.invalid"],
      [{ root: `0x${"11".repeat(32)}` }, "signature.invalid"],
      [{ fileSalt: `0x${"11".repeat(32)}` }, "file-signature.malformed"],
    ] as const) {
      expect(await codeOf(ingest(context, other, file, { signature: withMember(change) }))).toBe(code);
    }
    expect(await storedOf("tram")).toEqual(NOTHING);
    expect(await after({ signedAt: TODAY + 360 })).toBe("accepted");
  });

  it("is refused where a record was changed, added, dropped or put elsewhere", async () => {
    const bus = await signingProvider(context, place.folder, "bus");
    const text = rides(12, "b");
    const file = await write("bus.csv", text);
    expect(await sign(context, bus, file)).toMatchObject({ statement: { records: 12 }, refused: 0 });
    const lines = text.trimEnd().split("\n");
    const changes: Record<string, string[]> = {
      quantity: lines.map((line, i) => (i === 3 ? line.replace(/,[0-9.]+,km/, ",9.9,km") : line)),
      subject: lines.map((line, i) => (i === 3 ? line.replace(/b-person-\d/, "b-person-9") : line)),
      "somebody in place of nobody": lines.map((line, i) =>
        i === 1 ? line.replace(",,", ",b-person-9,") : line,
      ),
      "one more": [...lines, (lines[4] as string).replace("b3", "b99")],
      "one less": lines.slice(0, -1),
      "one twice": [...lines, lines[4] as string],
      order: [lines[0] as string, ...lines.slice(1).toReversed()],
    };
    for (const [name, changed] of Object.entries(changes)) {
      await write("bus.csv", `${changed.join("\n")}\n`);
      expect([name, await codeOf(ingest(context, bus, file))]).toEqual([name, "signature.records"]);
    }
    expect(await storedOf("bus")).toEqual(NOTHING);
    // Packed, with other line ends, and with a row that the profile refuses, it is the same to the reader.
    await write("bus.csv", gzipSync(`${[...lines, "no,such,row"].join("\r\n")}\r\n`));
    expect(await ingest(context, bus, file)).toMatchObject({ accepted: 12, rejected: 1 });
    expect(await sign(context, bus, file)).toMatchObject({ statement: { records: 12 }, refused: 1 });
  });

  it("whose bits are flipped is refused, or its records are the very ones that were signed", async () => {
    const tube = await signingProvider(context, place.folder, "tube");
    const bytes = new TextEncoder().encode(rides(3, "u"));
    const file = await write("tube.csv", bytes);
    await sign(context, tube, file);
    const signature = await readSidecar(file, null);
    const records = async (): Promise<string> =>
      JSON.stringify(
        await context.db.query(
          `SELECT record_id, scenario, started_at::text, ended_at::text, quantity::text, unit,
           subject_key::text FROM reductions WHERE provider = 'tube' ORDER BY record_id`,
        ),
      );
    await ingest(context, tube, file);
    const honest = await records();
    await context.db.execute(
      `DELETE FROM records r USING reductions f WHERE f.provider = 'tube' AND r.utc_day = f.utc_day
         AND int4send(r.act_prefix) = substr(f.activity_key, 1, 4);
       DELETE FROM facts f USING sources s WHERE s.source = f.source AND s.provider = 'tube'`,
    );
    await context.db.query("DELETE FROM subject_days");
    let refused = 0;
    await fc.assert(
      fc.asyncProperty(fc.nat(bytes.length - 1), fc.nat(7), async (place_, bit) => {
        await write(
          "tube.csv",
          bytes.map((byte, i) => (i === place_ ? byte ^ (1 << bit) : byte)),
        );
        const code = await codeOf(ingest(context, tube, file, { signature }));
        if (code === "accepted") expect(await records()).toBe(honest);
        else {
          refused++;
          expect(code).toMatch(/^(signature|input)\./);
        }
      }),
      { numRuns: 120 },
    );
    expect(refused).toBeGreaterThan(100);
  });

  it("lets nothing else in where it is exchanged between the two readings", async () => {
    const swap = await signingProvider(context, place.folder, "swap");
    const [honest, forged] = [
      rides(6, "w"),
      rides(6, "w").replace("bike", "metro").replace("km", "passenger-km"),
    ];
    const file = await write("swap.csv", honest);
    await sign(context, swap, file);
    const bytesOf = (text: string) =>
      (async function* () {
        yield await Promise.resolve(new TextEncoder().encode(text));
      })();
    const reading = {
      openLookup: () => bytesOf(""),
      openScratch: scratchIn(place.folder),
      exchangeDates: false,
    };
    const secondReading = async (text: string): Promise<void> => {
      const signing = await openSigning(
        { ...context, clock: at(TODAY + 60) },
        {
          profile: swap.profile,
          source: { open: () => bytesOf(honest) },
          sidecar: await readSidecar(file, null),
          reading,
        },
      );
      try {
        for await (const { outcomes } of readActivities(swap.profile, bytesOf(text), {
          ...reading,
          now: signing.now,
        }))
          await signing.judge(outcomes);
        signing.finish();
      } finally {
        await signing.close();
      }
    };
    await secondReading(honest);
    expect(await codeOf(secondReading(forged))).toBe("signature.changed");
    const lines = honest.trimEnd().split("\n");
    expect(await codeOf(secondReading(lines.slice(0, -1).join("\n")))).toBe("signature.changed");
    expect(await codeOf(secondReading([...lines, (lines[4] as string).replace("w3", "w9")].join("\n")))).toBe(
      "signature.changed",
    );
  });

  it("covers acts of several rows and the lookup files that they are read with", async () => {
    const gates = await signingProvider(context, place.folder, "gates", {
      profile: shippedProfile("shenzhen-taps"),
    });
    const tap = (card: number, minute: number, kind: string, station: string): string =>
      `2018-09-01 06:${String(minute).padStart(2, "0")}:00,card-${String(card)},0,${kind},${station},` +
      `gate-${String(card)}-${kind}`;
    const taps = Array.from({ length: 30 }, (_, card) => [
      tap(card, card % 20, "地铁入站", "A"),
      tap(card, 20 + (card % 20), "地铁出站", "B"),
    ]).flat();
    const file = await write(
      "taps.csv",
      `deal_date,card_no,deal_value,deal_type,station,equ_no\n${taps.join("\n")}\n`,
    );
    const stations = (b: string) =>
      write("shenzhen_stations_geo.csv.gz", `station,lng,lat\nA,114.0,22.50\nB,${b}\n`);
    await stations("114.0,22.55");
    await sign(context, gates, file);
    await stations("114.0,22.56");
    expect(await codeOf(ingest(context, gates, file))).toBe("signature.records");
    await stations("114.0,22.55");
    expect(await ingest(context, gates, file)).toMatchObject({ read: 60, accepted: 60, acts: 30 });
    expect(await storedOf("gates")).toMatchObject({ reductions: 30, files: 1 });
  });

  it("in JSON is the same in whatever order its members stand", async () => {
    const app = await signingProvider(context, place.folder, "app", {
      profile: shippedProfile("canonical-ndjson"),
    });
    const ride = {
      recordId: "j1",
      subject: "j",
      scenario: "bike",
      startedAt: "2025-06-18T01:00:00Z",
      endedAt: "2025-06-18T01:20:00Z",
      quantity: "2.5",
      unit: "km",
    };
    const file = await write("rides.ndjson", `${JSON.stringify(ride)}\n`);
    await sign(context, app, file);
    const turned = Object.fromEntries(Object.entries(ride).toReversed());
    await write("rides.ndjson", `${JSON.stringify(turned)}\n`);
    expect(await ingest(context, app, file)).toMatchObject({ accepted: 1 });
  });

  it("is judged by the key that signed it: rotated ones adjoin, revoked ones are refused", async () => {
    const old = await signingProvider(context, place.folder, "ferry", { validTo: TODAY + DAY });
    const next = await signingProvider(context, place.folder, "ferry", {
      name: "ferry-2",
      validFrom: TODAY + DAY,
    });
    const file = await write("ferry.csv", rides(4, "f"));
    const attempt = async (signer: SigningProvider, signedAt: number, now = signedAt) => {
      await sign(context, signer, file, { signedAt });
      return codeOf(ingest(context, old, file, { now }));
    };
    expect(await attempt(next, TODAY + DAY - 1)).toBe("signature.key-expired");
    expect(await attempt(old, TODAY + DAY)).toBe("signature.key-expired");
    const revoke = (signer: SigningProvider, reason: "retired" | "compromised", now: number) =>
      revokeProviderKey(
        { ...context, clock: { now: () => now as UnixSeconds } },
        { provider: providerId("ferry"), keyId: signer.keyId.slice(0, 12), reason, at: null },
      );
    await revoke(old, "retired", TODAY + 600 - 301);
    expect(await attempt(old, TODAY + 600)).toBe("signature.key-revoked");
    await sign(context, old, file, { signedAt: TODAY + 599 });
    // It was signed in time, so it may come late; but not once the key may be somebody else's.
    const revoked = await revoke(old, "compromised", TODAY + 700);
    expect(revoked).toMatchObject({ key: { reason: "compromised" }, open: 0, batches: [] });
    expect(await codeOf(ingest(context, old, file, { now: TODAY + 701 }))).toBe("signature.key-revoked");
    expect(await codeOf(ingest(context, old, file, { now: TODAY + 699 }))).toBe("accepted");
    expect(await attempt(next, TODAY + DAY)).toBe("accepted");
    await revoke(next, "retired", TODAY);
    await expect(revoke(next, "retired", TODAY)).rejects.toMatchObject({ code: "provider-key.revoked" });
  });

  it("of a provider with no key, or with optional keys, is taken as the books say", async () => {
    const file = await write("free.csv", rides(4, "o"));
    const stranger = await signingProvider(context, place.folder, "stranger", { add: false });
    await sign(context, stranger, file);
    expect(await codeOf(ingest(context, stranger, file))).toBe("signature.key-unknown");
    const optional = await signingProvider(context, place.folder, "optional", { required: false });
    expect(await codeOf(ingest(context, optional, file, { signature: null }))).toBe("accepted");
  });

  it("leaves neither its salt nor anybody's name in errors or in the database", async () => {
    const canary = await signingProvider(context, place.folder, "canary");
    const file = await write("canary.csv", rides(8, "zzcanary"));
    await sign(context, canary, file);
    const { fileSalt } = JSON.parse(await readFile(`${file}.sig.json`, "utf8")) as { fileSalt: string };
    await ingest(context, canary, file);
    const tables = await context.db.query<{ name: string }>(
      "SELECT relname AS name FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace",
    );
    for (const { name } of tables) {
      const rows = await context.db.query<{ text: string }>(`SELECT t::text AS text FROM ${name} t`);
      const text = rows.map((row) => row.text).join("\n");
      expect([name, text.includes("zzcanary-person"), text.includes(fileSalt.slice(2))]).toEqual([
        name,
        false,
        false,
      ]);
    }
    await write("canary.csv", rides(8, "zzcanarz"));
    const error = await ingest(context, canary, file).catch((thrown: unknown) => thrown as Error);
    expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toMatch(
      new RegExp(`canar[yz]-person|${fileSalt.slice(2)}`),
    );
  });
});
