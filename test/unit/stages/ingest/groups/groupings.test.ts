import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Profile } from "../../../../../src/stages/ingest/schema/profileSchema.ts";
import { readAll, readChunks, smallProfile, tally, type ReadSettings } from "../support/helpers.ts";
import type { RowOutcome } from "../../../../../src/stages/ingest/readActivities.ts";

const place = (join: string): string =>
  `{ latitude: { join: ${join}, field: lat }, longitude: { join: ${join}, field: lng } }`;
const EXIT_BY_FARE = `, { when: { tap: exit-only }, joins: [fare], start: { columns: [at] }, end: null,
  quantity: { column: { join: fare, field: km }, unit: km, as: passenger-km }, rules: {} }`;
const rides = (exits: "refuse" | "fare", more = ""): Profile =>
  smallProfile({
    subject: "{ column: card, scope: provider }",
    scenario: "{ constant: metro }",
    joins: `[{ name: from, column: { join: entry, field: station }, file: s.csv, key: station,
        fields: { lat: lat, lng: lng } },
      { name: to, column: station, file: s.csv, key: station, fields: { lat: lat, lng: lng } },
      { name: fare, column: fen, inline: { '300': { km: '4' } }, missing: empty }]`,
    pairing: `{ by: card, at: { columns: [at] },
      kind: { column: kind, entry: [in], exit: [out], single: [bus] }, entry: { station: station, at: at },
      maxSeconds: 3600, exitWithoutEntry: ${exits} }`,
    start: "{ columns: [{ join: entry, field: at }] }",
    end: "{ columns: [at] }",
    quantity: `{ greatCircle: { from: ${place("from")}, to: ${place("to")} }, as: passenger-km }`,
    cases: `[{ when: { tap: single }, joins: [], scenario: { constant: bus }, start: { columns: [at] },
      end: null, quantity: { constant: 1, as: trip }, rules: {} }${
        exits === "fare" ? EXIT_BY_FARE : ""
      }${more}]`,
  });
const STATIONS = { "s.csv": "station,lat,lng\nA,22.5,114.0\nB,22.6,114.0\n" };
const HEADER = "id,card,kind,station,fen,at\n";
const read = (profile: Profile, rows: string, settings: ReadSettings = {}): Promise<RowOutcome[]> =>
  readAll(profile, HEADER + rows, { lookups: STATIONS, ...settings });
/** Each outcome as: rows, then quantity or code. */
const told = (outcomes: readonly RowOutcome[]): string[] =>
  outcomes.map((outcome) => {
    if (outcome.kind === "rejected") return `${String(outcome.row)} ${outcome.code}`;
    const rows = [...outcome.parts.map(({ row }) => row), outcome.row].join("+");
    return [rows, String(outcome.record.quantity), outcome.record.scenario, ...outcome.notes].join(" ");
  });

describe("taps", () => {
  it("become rides of both their stations, and bus trips, wherever in the file they stand", async () => {
    const outcomes = await read(
      rides("refuse"),
      "x,c2,out,A,300,900\n1,c1,out,B,300,1700\n2,c1,in,A,0,1000\n3,c3,bus,-,200,50\n4,c1,in,B,0,90\n",
    );
    // 0.1 degrees of a meridian: 11,119 m on the sphere.
    expect(told(outcomes).toSorted()).toEqual(
      [
        "1 pair.exit-without-entry",
        "3+2 11119000 metro",
        "4 1000000 bus",
        "5 pair.entry-replaced",
      ].toSorted(),
    );
    const ride = outcomes.find((outcome) => outcome.kind === "record" && outcome.parts.length === 1);
    expect(ride).toMatchObject({
      record: { recordId: "1", startedAt: 1000, endedAt: 1700 },
      subject: { identifier: "c1" },
      parts: [{ rowId: "2" }],
    });
  });

  it("refuse both rows of a ride that does not count, by the ride's reason", async () => {
    expect(
      told(
        await read(rides("refuse"), "1,c1,in,-,0,10\n2,c1,out,A,300,20\n3,c2,in,A,0,10\n4,c2,out,A,300,20\n"),
      ).toSorted(),
    ).toEqual(["1 lookup.missing", "2 lookup.missing", "3 quantity.zero", "4 quantity.zero"]);
  });

  it("count an exit alone by its fare where the profile says so, and label it", async () => {
    const rows = "1,c1,out,B,300,1700\n2,c2,out,A,200,1700\n";
    expect(told(await read(rides("fare"), rows)).toSorted()).toEqual([
      "1 4000000 metro note.exit-without-entry",
      "2 field.missing",
    ]);
  });

  it("are of one card, and of one kind, however the file composes their letters", async () => {
    const profile = rides("refuse");
    const accented = {
      ...profile,
      pairing: { ...profile.pairing, kind: { ...profile.pairing?.kind, entry: ["entrée"] } },
    } as Profile;
    const [composed, taken] = ["é-1".normalize("NFC"), "é-1".normalize("NFD")];
    const outcomes = await read(
      accented,
      `1,${composed},${"entrée".normalize("NFD")},A,0,1000\n2,${taken},out,B,300,1700\n`,
    );
    expect(told(outcomes)).toEqual(["1+2 11119000 metro"]);
  });

  it("have stations between the poles", async () => {
    const lookups = (latitude: string) => ({
      lookups: { "s.csv": `station,lat,lng\nA,${latitude},114.0\nB,22.6,114.0\n` },
    });
    const ride = "1,c1,in,A,0,1000\n2,c1,out,B,300,1700\n";
    const codesOf = (outcomes: readonly RowOutcome[]) =>
      outcomes.flatMap((outcome) => (outcome.kind === "rejected" ? [outcome.code] : []));
    expect(codesOf(await read(rides("refuse"), ride, lookups("90")))).not.toContain("coordinate.malformed");
    for (const latitude of ["90.1", "-114", "180"])
      expect(codesOf(await read(rides("refuse"), ride, lookups(latitude)))).toContain("coordinate.malformed");
  });

  it("come through JSON by the same sections", async () => {
    const json: Profile = {
      ...rides("refuse"),
      format: { kind: "json", at: "/taps", each: null, encoding: "utf-8" },
    };
    const taps = [
      { id: 1, card: "c", kind: "in", station: "A", fen: 0, at: 10 },
      { id: 2, card: "c", kind: "out", station: "B", fen: 300, at: 20 },
      { id: 3, card: "c", kind: "out", fen: 300, at: 30 },
    ];
    expect(told(await readAll(json, JSON.stringify({ taps }), { lookups: STATIONS }))).toEqual([
      "1+2 11119000 metro",
      "3 pair.exit-without-entry",
    ]);
  });

  it("are accounted for row by row, spilled or not, in any order, in chunks of any size", async () => {
    const arbitrary = fc.array(
      fc.record({
        card: fc.integer({ min: 0, max: 5 }),
        kind: fc.constantFrom("in", "out", "bus", "odd"),
        station: fc.constantFrom("A", "B", "-"),
        at: fc.integer({ min: 0, max: 9999 }),
      }),
      { minLength: 1, maxLength: 60 },
    );
    await fc.assert(
      fc.asyncProperty(arbitrary, fc.integer({ min: 1, max: 20 }), async (taps, chunkRows) => {
        const lines = taps.map(
          ({ card, kind, station, at }, i) =>
            `${String(i)},c${String(card)},${kind},${station},300,${String(at)}`,
        );
        const chunks = await readChunks(rides("fare"), `${HEADER}${lines.join("\n")}\n`, {
          lookups: STATIONS,
          chunkRows,
        });
        const rows = chunks.flatMap(({ outcomes }) =>
          outcomes.flatMap((outcome) => [
            outcome.row,
            ...(outcome.kind === "record" ? outcome.parts.map(({ row }) => row) : []),
          ]),
        );
        expect(rows.toSorted((a, b) => a - b)).toEqual(taps.map((_, i) => i + 1));
        expect(chunks.at(-1)?.rowsRead ?? 0).toBe(taps.length);
        const quantities = (all: readonly RowOutcome[]): string[] =>
          all
            .flatMap((outcome) =>
              outcome.kind === "record"
                ? [`${outcome.record.recordId} ${String(outcome.record.quantity)}`]
                : [],
            )
            .toSorted();
        const turned = await read(rides("fare"), `${lines.toReversed().join("\n")}\n`);
        // Ties in one second are broken by the tap's id, not by its place.
        expect(quantities(turned)).toEqual(quantities(chunks.flatMap(({ outcomes }) => outcomes)));
      }),
      { numRuns: 60 },
    );
  });

  it("by the hundred thousand wait on disk, in bounded memory, up to the cap", async () => {
    const card = (i: number): string => `c${String(i % 5000)}`;
    const line = (n: number): string => {
      const round = Math.floor(n / 5000);
      const kind = round % 2 === 0 ? "in" : "out";
      return `${String(n)},${card(n)},${kind},${n % 2 === 0 ? "A" : "B"},300,${String(round * 600)}\n`;
    };
    async function* file(): AsyncGenerator<Uint8Array> {
      yield Buffer.from(HEADER);
      for (let i = 0; i < 200_000; i += 1000) {
        yield Buffer.from(Array.from({ length: 1000 }, (_, j) => line(i + j)).join(""));
      }
    }
    const counts: Record<string, number> = {};
    for (const { outcomes } of await readChunks(rides("refuse"), file(), { lookups: STATIONS })) {
      for (const outcome of outcomes)
        counts[outcome.kind === "record" ? "ride" : outcome.code] =
          (counts[outcome.kind === "record" ? "ride" : outcome.code] ?? 0) + 1;
    }
    // Every card enters and leaves by one gate: its rides are of no distance.
    expect(counts).toEqual({ "quantity.zero": 200_000 });
    await expect(
      readChunks(rides("refuse"), file(), { lookups: STATIONS, caps: { groupBytes: 50_000 } }),
    ).rejects.toThrow(/over the cap groupBytes/);
  });

  it("have a digest of their rows in the order of the outcomes, the same at every run", async () => {
    const rows = `${HEADER}1,c1,in,A,0,10\n2,c1,out,B,300,20\n3,c2,in,A,0,10\n`;
    const digest = async (text: string): Promise<string> =>
      Buffer.from(
        (await readChunks(rides("refuse"), text, { lookups: STATIONS })).at(-1)?.chainDigest ?? [],
      ).toString("hex");
    expect(await digest(rows)).toBe(await digest(rows));
    expect(await digest(rows)).not.toBe(await digest(rows.replace("c2", "c3")));
  });
});

describe("cases", () => {
  it("read the rows of one kind in another way", async () => {
    const profile = smallProfile({
      cases:
        "[{ when: { column: kind, in: [公交, bus] }, scenario: { constant: bus }, end: null, " +
        "quantity: { constant: 1, as: trip }, rules: {} }]",
      rules: "{ maxSpeedKmh: 40 }",
    });
    const text = "id,kind,start,end,km\n1,bike,0,3600,5\n2,公交,7,,\n3,bus,8,,999\n4,bike,0,,5\n";
    expect(
      (await readAll(profile, text)).map((outcome) =>
        outcome.kind === "record" ? outcome.record.scenario : outcome.code,
      ),
    ).toEqual(["bike", "bus", "bus", "time.end-missing"]);
  });
});

describe("a saving", () => {
  const saving = (baseline: string, more: Readonly<Record<string, string>> = {}): Profile =>
    smallProfile({
      scenario: "{ constant: electricity-saving }",
      time: "{ format: 'yyyy-MM-dd HH:mm', zone: Asia/Shanghai }",
      recordId: "{ columns: [{ join: period, field: key }] }",
      start: "{ columns: [{ join: period, field: start }], format: iso }",
      end: "{ columns: [{ join: period, field: end }], format: iso }",
      readings:
        "{ meter: meter, at: { columns: [at] }, value: { column: wh, unit: Wh }, everySeconds: 21600, " +
        "period: day }",
      quantity: `{ below: { baseline: ${baseline}, used: { join: period, field: used } },
        unit: kWh, as: kWh }`,
      ...more,
    });
  const day = (meter: string, date: string, ...wh: number[]): string =>
    wh.map((value, i) => `${meter},${date} ${String(i * 6).padStart(2, "0")}:00,${String(value)}\n`).join("");

  it("is what a meter used less than in the same period a year before", async () => {
    const rows =
      day("m", "2013-06-01", 500, 500, 500, 500) +
      day("m", "2014-06-01", 400, 500, 500, 100) +
      day("m", "2014-06-02", 1, 1, 1, 1);
    const outcomes = await readAll(saving("{ join: period, field: earlier }"), `meter,at,wh\n${rows}`);
    const records = outcomes.filter((outcome) => outcome.kind === "record");
    expect(records).toMatchObject([
      {
        record: {
          recordId: "m|2014-06-01",
          quantity: 500_000n,
          unit: "kWh",
          startedAt: Date.parse("2014-05-31T16:00:00Z") / 1000,
          endedAt: Date.parse("2014-06-01T16:00:00Z") / 1000,
        },
        parts: [{ row: 5 }, { row: 6 }, { row: 7 }],
      },
    ]);
    expect(tally(outcomes.flatMap((outcome) => (outcome.kind === "rejected" ? [outcome.code] : [])))).toEqual(
      { "baseline.missing": 8 },
    );
  });

  it("may be measured against a table by meter and period, or by meter alone", async () => {
    const [m, n] = [day("m", "2014-06-01", 400, 500, 500, 100), day("n", "2014-06-01", 9, 9, 9, 9)];
    const rows = `meter,at,wh\n${m}${n}`;
    const table = (column: string, key: string, file: string): Record<string, string> => ({
      joins:
        `[{ name: plan, column: ${column}, file: ${file}, key: ${key}, fields: { kwh: kwh }, ` +
        "missing: empty }]",
    });
    const byPeriod = saving(
      "{ join: plan, field: kwh }",
      table("{ join: period, field: key }", "[meter, day]", "p.csv"),
    );
    const byMeter = saving("{ join: plan, field: kwh }", table("meter", "meter", "m.csv"));
    const lookups = {
      "p.csv": "meter,day,kwh\nm,2014-06-01,1.75\nm,2014-06-02,9\n",
      "m.csv": "meter,kwh\nm,1.6\nn,1\n",
    };
    const quantities = async (profile: Profile): Promise<unknown> =>
      (await readAll(profile, rows, { lookups }))
        .flatMap((outcome) => (outcome.kind === "record" ? [outcome.record.quantity] : []))
        .toSorted((a, b) => Number(a - b));
    expect(await quantities(byPeriod)).toEqual([250_000n]);
    expect(await quantities(byMeter)).toEqual([100_000n, 964_000n]);
  });

  it("never comes of gaps, zeros, or use that is not below the baseline", async () => {
    const arbitrary = fc.record({
      before: fc.array(fc.integer({ min: 1, max: 1000 }), { minLength: 4, maxLength: 4 }),
      after: fc.array(fc.integer({ min: 0, max: 1000 }), { minLength: 0, maxLength: 4 }),
    });
    await fc.assert(
      fc.asyncProperty(arbitrary, async ({ before, after }) => {
        const rows = day("m", "2013-06-01", ...before) + day("m", "2014-06-01", ...after);
        const outcomes = await readAll(saving("{ join: period, field: earlier }"), `meter,at,wh\n${rows}`);
        const sum = (list: readonly number[]): number => list.reduce((all, one) => all + one, 0);
        const saved = sum(before) - sum(after);
        const counts = after.length === 4 && !after.includes(0) && saved > 0;
        const found = outcomes.flatMap((outcome) =>
          outcome.kind === "record" ? [outcome.record.quantity] : [],
        );
        expect(found).toEqual(counts ? [BigInt(saved) * 1000n] : []);
        expect(
          outcomes.reduce(
            (all, outcome) => all + 1 + (outcome.kind === "record" ? outcome.parts.length : 0),
            0,
          ),
        ).toBe(before.length + after.length);
      }),
      { numRuns: 200 },
    );
  });

  it("takes a reading's time for the end of its interval where the profile says so", async () => {
    const ends = saving("{ join: period, field: earlier }", {
      readings:
        "{ meter: meter, at: { columns: [at], marks: end }, value: { column: wh, unit: Wh }, " +
        "everySeconds: 21600, period: day }",
    });
    const shifted = (date: string, next: string, value: number): string =>
      ["06:00", "12:00", "18:00"].map((time) => `m,${date} ${time},${String(value)}\n`).join("") +
      `m,${next} 00:00,${String(value)}\n`;
    const outcomes = await readAll(
      ends,
      `meter,at,wh\n${shifted("2013-06-01", "2013-06-02", 5)}${shifted("2014-06-01", "2014-06-02", 4)}`,
    );
    expect(
      outcomes.flatMap((outcome) => (outcome.kind === "record" ? [outcome.record.recordId] : [])),
    ).toEqual(["m|2014-06-01"]);
  });
});

describe("record ids of parts of the act", () => {
  it("are the same whatever the file's spelling of times and numbers", async () => {
    const parts = { recordId: "{ columns: [site], act: [start, end, quantity] }" };
    const one = await readAll(smallProfile(parts), "site,start,end,km\nX,1553530882,1553563932,6.146\n");
    const other = await readAll(
      smallProfile({ ...parts, time: "{ format: 'yyyy-MM-dd HH:mm:ss', zone: America/Los_Angeles }" }),
      "site,start,end,km\nX,2019-03-25 09:21:22,2019-03-25 18:32:12,6.1460\n",
    );
    const ids = [...one, ...other].map((outcome) => outcome.kind === "record" && outcome.record.recordId);
    expect(ids).toEqual([
      "X|2019-03-25T16:21:22Z|2019-03-26T01:32:12Z|6.146",
      "X|2019-03-25T16:21:22Z|2019-03-26T01:32:12Z|6.146",
    ]);
  });
});
