import { createHash } from "node:crypto";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import { InputError } from "../../../../src/base/errors/errors.ts";
import { scratchIn } from "../../../../src/app/sources/scratch.ts";
import { withProvider } from "../../../../src/stages/ingest/profile/profile.ts";
import { shippedProfile } from "../../../../src/stages/ingest/profile/shippedProfiles.ts";
import { readActivities } from "../../../../src/stages/ingest/readActivities.ts";
import { codes, NOW, pieces, readAll, readChunks, smallProfile } from "./support/helpers.ts";

const OPTIONS = { now: NOW, openLookup: () => pieces(""), openScratch: scratchIn() };
const HEADER = "id,start,end,km\n";
const rows = (count: number): string =>
  Array.from({ length: count }, (_, i) => `r${String(i + 1)},100,700,${String(i % 7)}.5\n`).join("");

async function failure(promise: Promise<unknown>): Promise<string> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof InputError) return `${error.code}: ${error.message}`;
    throw error;
  }
  return "none";
}

describe("the canonical formats", () => {
  const expected = [
    {
      provider: "metro-app",
      recordId: "T-1",
      scenario: "metro",
      startedAt: 1_748_736_000,
      endedAt: 1_748_737_440,
      quantity: 12_400_000n,
      unit: "passenger-km",
    },
    {
      provider: "metro-app",
      recordId: "T-2",
      scenario: "bus",
      startedAt: 1_748_736_000,
      endedAt: null,
      quantity: 1_000_000n,
      unit: "trip",
    },
  ];
  const subjects = [{ scope: "deployment", identifier: "holder-7" }, null];

  it("read CSV", async () => {
    const text = [
      "recordId,subject,scenario,startedAt,endedAt,quantity,unit",
      "T-1,holder-7,metro,2025-06-01T08:00:00+08:00,2025-06-01T08:24:00+08:00,12.4,passenger-km",
      '"T-2",,bus,2025-06-01T00:00:00Z,,1,trip',
    ].join("\r\n");
    const outcomes = await readAll(
      withProvider(shippedProfile("canonical-csv"), "metro-app"),
      `\uFEFF${text}`,
    );
    expect(outcomes.map((outcome) => outcome.kind === "record" && outcome.record)).toEqual(expected);
    expect(outcomes.map((outcome) => outcome.kind === "record" && outcome.subject)).toEqual(subjects);
  });

  it("read NDJSON, numbers by their digits", async () => {
    const text = [
      '{"recordId":"T-1","subject":"holder-7","scenario":"metro",' +
        '"startedAt":"2025-06-01T08:00:00+08:00","endedAt":"2025-06-01T08:24:00+08:00",' +
        '"quantity":12.40000000000000000001,"unit":"passenger-km","extra":[{}]}',
      '{"recordId":"T-2","scenario":"bus","startedAt":"2025-06-01T00:00:00Z",' +
        '"endedAt":null,"quantity":"1","unit":"trip"}',
    ].join("\n");
    const outcomes = await readAll(withProvider(shippedProfile("canonical-ndjson"), "metro-app"), text);
    expect(outcomes.map((outcome) => outcome.kind === "record" && outcome.record)).toEqual(expected);
    expect(outcomes.map((outcome) => outcome.kind === "record" && outcome.subject)).toEqual(subjects);
  });

  it("never round a JSON number of up to 15 digits up on its way; of more the float was meant", async () => {
    const quantities = await readAll(
      smallProfile({ format: "{ kind: ndjson }", end: null }),
      '{"id":1,"start":5,"km":0.999999999999999}\n{"id":2,"start":5,"km":0.99999999999999999999}',
    );
    expect(quantities).toMatchObject([
      { record: { quantity: 999_999n } },
      { record: { quantity: 1_000_000n } },
    ]);
  });

  it("take no time without an offset", async () => {
    const text =
      "recordId,subject,scenario,startedAt,endedAt,quantity,unit\n1,,bus,2025-06-01T00:00:00,,1,trip";
    expect(await codes(shippedProfile("canonical-csv"), text)).toEqual(["time.malformed"]);
  });
});

describe("mapping", () => {
  it("joins the columns of a record id, normalised", async () => {
    const profile = smallProfile({ recordId: "{ columns: [id, end], separator: '/' }" });
    const outcomes = await readAll(profile, `${HEADER} e\u0301 ,1,2,3\n`);
    expect(outcomes[0]).toMatchObject({ record: { recordId: "\u00E9/2" } });
  });

  it("reads columns by position, nested JSON by pointer", async () => {
    const headerless = smallProfile({
      format: "{ kind: csv, header: false, columns: [id, start, start, km] }",
      start: "{ columns: [2] }",
      end: "{ columns: [3] }",
    });
    expect(await codes(headerless, "1,100,200,3\n")).toEqual(["ok"]);
    const nested = smallProfile({ format: "{ kind: ndjson }", recordId: "{ columns: [/trip/a~1b] }" });
    const [outcome] = await readAll(
      nested,
      '{"trip":{"a/b":17},"start":1,"end":2,"km":3.0,"__proto__":{"x":1}}',
    );
    expect(outcome).toMatchObject({ record: { recordId: "17", quantity: 3_000_000n } });
  });

  it("takes a duration for an end, a constant for a quantity, a map for a scenario", async () => {
    const profile = smallProfile({
      end: "{ duration: { column: end, unit: minutes }, required: false }",
      quantity: "{ constant: 1, as: trip }",
      scenario: "{ column: km, map: { 公交: bus } }",
    });
    const outcomes = await readAll(profile, `${HEADER}1,100,2.51,公交\n2,100,,公交\n`);
    expect(outcomes.map((outcome) => outcome.kind === "record" && outcome.record)).toMatchObject([
      { endedAt: 250, quantity: 1_000_000n, unit: "trip", scenario: "bus" },
      { endedAt: null },
    ]);
  });

  it("knows a word of the profile however the file composes its letters", async () => {
    const profile = smallProfile({
      end: null,
      quantity: "{ constant: 1, as: trip }",
      scenario: "{ column: km, map: { Vélo: bus } }",
    });
    const spelt = `1,100,,${"Vélo".normalize("NFC")}\n2,100,,${"Vélo".normalize("NFD")}\n`;
    const outcomes = await readAll(profile, HEADER + spelt);
    expect(outcomes.map((outcome) => outcome.kind === "record" && outcome.record.scenario)).toEqual([
      "bus",
      "bus",
    ]);
  });

  it("skips lines before the header", async () => {
    expect(
      await codes(smallProfile({ format: "{ kind: csv, skipLines: 2 }" }), `Report\n,,\n${HEADER}1,1,2,3\n`),
    ).toEqual(["ok"]);
  });

  it("reads GBK", async () => {
    const profile = smallProfile({
      format: "{ kind: csv, encoding: gbk }",
      scenario: "{ column: km, map: { 地铁: bus } }",
      quantity: "{ constant: 1, as: trip }",
    });
    const bytes = Uint8Array.of(...new TextEncoder().encode(`${HEADER}1,1,2,`), 0xb5, 0xd8, 0xcc, 0xfa, 0x0a);
    expect(await codes(profile, bytes)).toEqual(["ok"]);
  });
});

describe("a file", () => {
  it("gives each row one outcome, numbered, in chunks", async () => {
    const chunks = await readChunks(smallProfile(), HEADER + rows(23), { chunkRows: 10, pieceSize: 37 });
    expect(chunks.map((chunk) => [chunk.outcomes.length, chunk.rowsRead])).toEqual([
      [10, 10],
      [10, 20],
      [3, 23],
    ]);
    expect(chunks.flatMap((chunk) => chunk.outcomes.map((outcome) => outcome.row))).toEqual(
      Array.from({ length: 23 }, (_, i) => i + 1),
    );
    expect(chunks[0]?.outcomes[6]).toMatchObject({ kind: "record", row: 7, raw: "r7,100,700,6.5" });
  });

  it("has a digest that depends on its rows alone", async () => {
    const digests = async (...args: Parameters<typeof readChunks>): Promise<string[]> =>
      (await readChunks(...args)).map((chunk) => Buffer.from(chunk.chainDigest).toString("hex"));
    const text = HEADER + rows(20);
    const plain = await digests(smallProfile(), text, { chunkRows: 10 });
    expect(plain).toEqual([
      createHash("sha256")
        .update(HEADER + rows(10))
        .digest("hex"),
      createHash("sha256").update(text).digest("hex"),
    ]);
    expect(
      await digests(smallProfile(), gzipSync(text.replaceAll("\n", "\r\n")), { chunkRows: 10, pieceSize: 5 }),
    ).toEqual(plain);
    expect(await digests(smallProfile(), text, { chunkRows: 5 })).toEqual(expect.arrayContaining(plain));
    expect(await digests(smallProfile(), text.replace("r3,", "r4,"), { chunkRows: 10 })).not.toEqual(plain);
  });

  it("may be gzip, in several members, cut anywhere", async () => {
    const bytes = Buffer.concat([gzipSync(HEADER + rows(3)), gzipSync(rows(4))]);
    for (const pieceSize of [1, 7, 10_000])
      expect(await codes(smallProfile(), bytes, { pieceSize })).toHaveLength(7);
  });

  it("without rows gives none; without a header it is refused", async () => {
    expect(await readChunks(smallProfile(), HEADER)).toEqual([]);
    expect(await failure(readAll(smallProfile(), ""))).toContain("input.header");
    expect(await failure(readAll(smallProfile(), '"id,start'))).toContain("input.header");
    expect(await failure(readAll(smallProfile(), "id,start,end,km,km\n"))).toContain("two columns named km");
  });

  it("with other columns is refused without repeating them, for they may be a row", async () => {
    const message = await failure(readAll(smallProfile(), "4711,Ada Lovelace,2,3\n"));
    expect(message).toContain("no column id");
    expect(message).not.toContain("Lovelace");
  });

  it("that is damaged or cut short keeps what came before", async () => {
    const whole = gzipSync(
      HEADER +
        Array.from({ length: 50_000 }, (_, i) => `${String((i * 7919) % 50_021)},100,700,1.5\n`).join(""),
    );
    let rowsRead = 0;
    const read = async (): Promise<void> => {
      for await (const chunk of readActivities(
        smallProfile(),
        pieces(whole.subarray(0, whole.length - 20_000)),
        OPTIONS,
      ))
        rowsRead = chunk.rowsRead;
    };
    expect(await failure(read())).toContain("input.gzip");
    expect(rowsRead).toBeGreaterThan(5_000);
  });

  it.each([
    ["plain", (text: string) => Buffer.from(text)],
    ["gzip", (text: string) => gzipSync(text)],
  ])("is closed when reading stops early (%s)", async (_kind, pack) => {
    let closed = 0;
    async function* source(content: Uint8Array): AsyncGenerator<Uint8Array> {
      try {
        yield* pieces(content, 16);
      } finally {
        closed++;
      }
    }
    expect(
      await failure(readAll(smallProfile(), source(pack("other,columns\n1,2\n".repeat(1000))))),
    ).toContain("input.header");
    await vi.waitFor(() => expect(closed).toBe(1));
    for await (const chunk of readActivities(smallProfile(), source(pack(HEADER + rows(30_000))), OPTIONS)) {
      expect(chunk.rowsRead).toBe(5_000);
      break;
    }
    await vi.waitFor(() => expect(closed).toBe(2));
  });

  it("of any bytes ends in outcomes or in one clear error", async () => {
    const profiles = [
      smallProfile(),
      smallProfile({ format: "{ kind: ndjson }" }),
      smallProfile({ format: "{ kind: csv, header: false, columns: [id, start, end, km] }" }),
    ];
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ maxLength: 200 }),
        fc.constantFrom(...profiles),
        fc.boolean(),
        async (bytes, profile, withHeader) => {
          const content = withHeader ? Buffer.concat([Buffer.from(HEADER), bytes]) : bytes;
          const message = await failure(readAll(profile, content, { pieceSize: 13 }));
          expect(message).toMatch(/^(none|input\.)/);
        },
      ),
      { numRuns: 500 },
    );
  });
});
