import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ROLES } from "../../../src/app/apiKeys/roles.ts";
import type { AnyRoute } from "../../../src/doors/http/pipeline/route.ts";
import { ROUTES } from "../../../src/doors/http/routes.ts";
import { ask, type Reply } from "./support/ask.ts";
import { expectContract, expectProblem } from "./support/contract.ts";
import { ndjson } from "./support/rows.ts";
import { valuesOf } from "./support/valuesOf.ts";
import { onEachService } from "./support/service.ts";
import { metadataOf, UPLOADS } from "./support/tus.ts";

const SEED = Number(process.env["FUZZ_SEED"] ?? Math.floor(Math.random() * 2 ** 31));
const RUNS = Number(process.env["FUZZ_HTTP_RUNS"] ?? 40);

const TEXTS = [
  "",
  " ",
  "\0",
  "a\0b",
  "\uD800",
  "\uFEFF",
  "'; DROP TABLE batches; --",
  '" OR ""="',
  "$1",
  "\\",
  "%00",
  "%",
  "../../../etc/passwd",
  "..%2f..%2f",
  "..",
  ".",
  "__proto__",
  "constructor",
  "toString",
  "-1",
  "1e400",
  "0x10",
  "9223372036854775807",
  "9223372036854775808",
  "18446744073709551616",
  "9999999999999999999",
  "NaN",
  "null",
  "[object Object]",
  "\u202Egnp.exe",
  "e\u0301",
  "x".repeat(5_000),
];
const nested = (depth: number): unknown => JSON.parse(`${"[".repeat(depth)}${"]".repeat(depth)}`) as unknown;
const POISON: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom<unknown>(...TEXTS),
  fc.constantFrom<unknown>(
    null,
    true,
    false,
    0,
    -1,
    1.5,
    2 ** 53,
    2 ** 63,
    -(2 ** 63),
    1e308,
    [],
    {},
    [[]],
    nested(500),
  ),
  fc.constant(
    JSON.parse('{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}') as unknown,
  ),
  fc.string({ unit: "binary", maxLength: 40 }),
  fc.jsonValue(),
);

/** A request as it goes out. */
interface Shot {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array | undefined;
}

/**
 * Text in a path or query, each byte escaped, so that every text can be sent; lone surrogates go as U+FFFD.
 */
const escaped = (text: string): string =>
  [...Buffer.from(text)]
    .map((byte) =>
      /[A-Za-z0-9_-]/.test(String.fromCodePoint(byte))
        ? String.fromCodePoint(byte)
        : `%${byte.toString(16).padStart(2, "0")}`,
    )
    .join("");

/** Any value as a text that a path or query may carry. */
const spelled = (value: unknown): string =>
  typeof value === "string" ? value : (JSON.stringify(value) ?? "undefined");

/** Puts something evil in the place of one member, beside the members, or in the place of all. */
function spoiled(members: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  return fc
    .tuple(
      members,
      POISON,
      fc.nat(),
      fc.constantFrom("none", "member", "extra", "all"),
      fc.constantFrom(...TEXTS, "__proto__", "extra"),
    )
    .map(([value, poison, at, how, name]) => {
      if (how === "none" || typeof value !== "object" || value === null) return value;
      if (how === "all") return poison;
      const entries = Object.entries(value);
      if (how === "member" && entries.length > 0)
        (entries[at % entries.length] as [string, unknown])[1] = poison;
      if (how === "extra") entries.push([name, poison]);
      // As JSON.parse makes it: an own member, even under the name __proto__.
      const texts = entries.map(([key, one]) => `${JSON.stringify(key)}:${JSON.stringify(one) ?? "null"}`);
      return JSON.parse(`{${texts.join(",")}}`) as unknown;
    });
}

function shotsAt({ path, params, query, body, files }: AnyRoute): fc.Arbitrary<Shot> {
  const texts = (schema: AnyRoute["params"]) => (schema ? spoiled(valuesOf(schema)) : fc.constant({}));
  const garbage = fc.constantFrom(
    "",
    "",
    "",
    "",
    "/",
    "//",
    "/..%2f",
    "/%2e%2e/",
    "%",
    "%ff",
    "%c0%af",
    ";a=b",
    "%00",
    "/../../healthz",
  );
  const type = fc.constantFrom(
    ...(files?.types ?? []),
    "application/json",
    "application/json",
    "text/plain",
    "multipart/form-data; boundary=x",
    "",
    "application/json; charset=utf-16",
    "\u00E4",
  );
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 200 }),
    fc
      .constantFrom(
        "",
        "{",
        "{}",
        "null",
        "[".repeat(50_000),
        '{"a":'.repeat(20_000),
        `${"[".repeat(9_000)}${"]".repeat(9_000)}`,
        "a: &a [*a, *a]",
        "\u0000",
        ndjson(2, "fuzz"),
        "recordId,subject\n\u0000,\u0000\n",
      )
      .map((text) => new Uint8Array(Buffer.from(text))),
    fc.constant(new Uint8Array([0xff, 0xfe, 0x00, 0xd8])),
    fc.constant(new Uint8Array([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0])),
  );
  const json = body
    ? spoiled(valuesOf(body)).map((value) => new Uint8Array(Buffer.from(JSON.stringify(value) ?? "null")))
    : bytes;
  const extra = fc.constantFrom<Record<string, string>>(
    {},
    {},
    { "idempotency-key": "k" },
    { "idempotency-key": "\u00FF" },
    { "content-encoding": "gzip" },
    { "if-none-match": "*" },
    { range: "bytes=0-" },
    { "x-forwarded-for": "nonsense" },
    { "x-http-method-override": "DELETE" },
  );
  return fc
    .record({
      params: texts(params),
      query: texts(query),
      garbage,
      type,
      body:
        body || files
          ? fc.oneof({ weight: 3, arbitrary: json }, { weight: 1, arbitrary: bytes })
          : fc.constant(undefined),
      extra,
      twice: fc.boolean(),
    })
    .map((made) => {
      const given = Object(made.params) as Record<string, unknown>;
      const filled = path.replaceAll(
        /\{([A-Za-z]+)\*?\}/g,
        (_all, name: string) => escaped(spelled(given[name] ?? "x")) || "x",
      );
      const pairs = Object.entries(Object(made.query) as object).map(
        ([name, value]) => `${escaped(name)}=${escaped(spelled(value))}`,
      );
      const search = [...pairs, ...(made.twice ? pairs.slice(0, 1) : [])].join("&");
      return {
        path: `${filled}${made.garbage}${search === "" ? "" : `?${search}`}`,
        headers: { ...(made.type !== "" && { "content-type": made.type }), ...made.extra },
        body: made.body,
      };
    });
}

describe(`requests that nobody should send (FUZZ_SEED=${String(SEED)})`, () => {
  // Jobs stay queued: what is fuzzed is the door.
  onEachService(
    (bench) => {
      let token: string | null = null;
      const shoot = async (method: string, { path, headers, body }: Shot): Promise<Reply | null> => {
        token ??= await bench.token("fuzz", ROLES);
        const reply = await ask(bench.url(), {
          method,
          path,
          headers: { authorization: `Bearer ${token}`, ...headers },
          body,
        });
        // What Node's own parser refuses comes without a body.
        if (reply.status === 431 && reply.bytes.length === 0) return null;
        expect(
          reply.status,
          `${method} ${path} ${JSON.stringify(headers)} ${reply.bytes.toString("utf8")}`,
        ).toBeLessThan(500);
        return reply;
      };
      const expectHealthy = async (): Promise<void> => {
        expect((await bench.call("getReadiness", {})).status).toBe(200);
        expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
        expect(Object.keys(Object.prototype)).toEqual([]);
      };

      it.each(ROUTES.map((route) => ({ route, ...route })))(
        "$method $path never breaks, and answers within its contract",
        async ({ route, method }) => {
          await fc.assert(
            fc.asyncProperty(shotsAt(route), async (shot) => {
              const reply = await shoot(method.toUpperCase(), shot);
              // What is put on the end of a path may make it another route's.
              if (reply === null) return;
              if (reply.status >= 400) expectProblem(reply);
              else if (!/\/\.|\/\/|\/$|\/\?/.test(shot.path)) expectContract(route, reply);
            }),
            { numRuns: RUNS, seed: SEED },
          );
          await expectHealthy();
          expect.hasAssertions();
        },
      );

      it("uploads begin only as the protocol and our schema say", async () => {
        // Not by String(): a JSON object may have a member `toString`.
        const told = (poison: unknown) => (typeof poison === "string" ? poison : JSON.stringify(poison));
        const value = fc.oneof(POISON.map(told), fc.string({ unit: "binary" }));
        const metadata = fc.oneof(
          fc
            .dictionary(
              fc.constantFrom("filename", "profile", "provider", "region", "__proto__", "extra"),
              value,
            )
            .map((members) => metadataOf(members)),
          fc.constantFrom(
            "",
            "filename",
            "filename =,profile =",
            "filename ####",
            ", ,",
            `filename ${"QQ".repeat(3_000)}`,
          ),
        );
        const length = fc.constantFrom(
          "0",
          "1",
          "10",
          "-1",
          "1.5",
          "1e3",
          "NaN",
          "",
          "9223372036854775808",
          "99999999999999999999",
        );
        await fc.assert(
          fc.asyncProperty(
            fc.record({ metadata, length, resumable: fc.constantFrom("1.0.0", "2.0.0", "") }),
            async (made) => {
              const headers = {
                "tus-resumable": made.resumable,
                "upload-length": made.length,
                "upload-metadata": made.metadata,
              };
              const reply = await shoot("POST", { path: UPLOADS, headers, body: undefined });
              if (reply === null) return;
              if (reply.status >= 400) expectProblem(reply);
              else expect(reply.status).toBe(201);
            },
          ),
          { numRuns: RUNS, seed: SEED },
        );
        await expectHealthy();
      });
    },
    { jobs: false, settings: { MICROTONNE_HTTP_BODY_BYTES: "131072" } },
  );
});
