import { createGzip } from "node:zlib";
import { Readable } from "node:stream";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { readAll, readChunks, smallProfile, tally } from "./support/helpers.ts";

const MIB = 2 ** 20;
const HEADER = "id,start,end,km\n";

async function* repeated(bytes: Uint8Array, times: number): AsyncGenerator<Uint8Array> {
  for (let i = 0; i < times; i++) yield bytes;
}
async function* after(first: string, rest: AsyncIterable<Uint8Array>, last = ""): AsyncGenerator<Uint8Array> {
  yield new TextEncoder().encode(first);
  yield* rest;
  yield new TextEncoder().encode(last);
}

describe("caps on a file", () => {
  it("stop a gzip bomb of 10 GB of zeros by its ratio, long before it is out", async () => {
    const bomb = Readable.from(repeated(new Uint8Array(MIB), 10_240)).pipe(
      createGzip(),
    ) as AsyncIterable<Uint8Array>;
    await expect(readAll(smallProfile(), bomb)).rejects.toThrow(/over the cap inflationRatio/);
  });

  it("let a small file that compresses well through", async () => {
    const text = HEADER + "1,100,700,1.5\n".repeat(50_000);
    const packed = gzipSync(text);
    expect(text.length / packed.length).toBeGreaterThan(200);
    expect(await readAll(smallProfile(), packed)).toHaveLength(50_000);
  });

  it.each([
    ["inputBytes", { inputBytes: 100 }],
    ["inflatedBytes", { inflatedBytes: 500 }],
  ])("name %s", async (name, caps) => {
    const content = gzipSync(
      HEADER + Array.from({ length: 100 }, (_, i) => `${String(i * i)},1,2,3\n`).join(""),
    );
    await expect(readAll(smallProfile(), content, { caps })).rejects.toThrow(`over the cap ${name}`);
  });
});

describe("hostile rows", () => {
  it("of 100 MB are one refused row each, in flat memory", async () => {
    const line = repeated(new TextEncoder().encode("x".repeat(MIB)), 100);
    const before = process.memoryUsage().arrayBuffers + process.memoryUsage().heapUsed;
    const outcomes = await readAll(smallProfile(), after(`${HEADER}1,1,2,3\n`, line, "\n2,1,2,3\n"));
    expect(outcomes.map((outcome) => (outcome.kind === "record" ? "ok" : outcome.code))).toEqual([
      "ok",
      "row.too-long",
      "ok",
    ]);
    expect(outcomes[1]?.raw.length).toBe(65_537);
    expect(process.memoryUsage().arrayBuffers + process.memoryUsage().heapUsed - before).toBeLessThan(
      64 * MIB,
    );
  });

  it("with a million levels of JSON are refused before anything is built", async () => {
    const deep = `{"id":${"[".repeat(1_000_000)}${"]".repeat(1_000_000)}}\n`;
    const caps = { rowCharacters: 4 * MIB };
    const outcomes = await readAll(smallProfile({ format: "{ kind: ndjson }" }), deep, { caps });
    expect(outcomes.map((outcome) => outcome.kind === "rejected" && outcome.code)).toEqual(["row.too-deep"]);
  });

  it("with a quote on every line cost one pass, not one per line (or this takes minutes)", async () => {
    const text = HEADER + Array.from({ length: 50_000 }, (_, i) => `${String(i)},"1,2,3\n`).join("");
    const counts = tally(
      (await readAll(smallProfile(), text)).map((outcome) =>
        outcome.kind === "record" ? "ok" : outcome.code,
      ),
    );
    expect(Object.values(counts).reduce((sum, count) => sum + count)).toBe(50_000);
  });

  it("with an open quote and nothing to close it cost one row", async () => {
    const text = `${HEADER}0,"1,2,3\n${"1,1,2,3\n".repeat(20_000)}`;
    const chunks = await readChunks(smallProfile(), text);
    expect(
      tally(
        chunks.flatMap((chunk) =>
          chunk.outcomes.map((outcome) => (outcome.kind === "record" ? "ok" : outcome.code)),
        ),
      ),
    ).toEqual({
      "row.malformed": 1,
      ok: 20_000,
    });
  });
});
