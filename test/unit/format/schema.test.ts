import { describe, expect, it } from "vitest";
import { z } from "zod";
import * as field from "../../../src/format/schema.ts";

const messageOf = (schema: z.ZodType, value: unknown): string | null => {
  try {
    field.decodeWith(schema, value, "test.malformed", "sample");
    return null;
  } catch (error) {
    return (error as Error).message;
  }
};
const MAX = 2n ** 63n - 1n;
const word = (digits: number) => `0x${"a".repeat(digits)}`;

/** What a field takes, what it refuses, and what it says then. */
const FIELDS: readonly {
  name: string;
  schema: z.ZodType;
  takes: readonly unknown[];
  refuses: readonly unknown[];
  says: string;
}[] = [
  {
    name: "word32",
    schema: field.word32,
    takes: [word(64), `0x${"09af".repeat(16)}`],
    refuses: [word(63), word(65), word(64).toUpperCase(), `x${word(64)}`, `${word(64)}x`, "", 1, null],
    says: "must be 0x and 64 lower-case hex digits",
  },
  {
    name: "batchIdField",
    schema: field.batchIdField,
    takes: [word(64)],
    refuses: [word(62), 7],
    says: "must be 0x and 64 lower-case hex digits",
  },
  {
    name: "retirementIdField",
    schema: field.retirementIdField,
    takes: [word(64)],
    refuses: [word(62), 7],
    says: "must be 0x and 64 lower-case hex digits",
  },
  {
    name: "address",
    schema: field.address,
    takes: [word(40), `0x${"09af".repeat(10)}`],
    refuses: [
      word(39),
      word(41),
      `0x${"A".repeat(40)}`,
      `0${word(40)}`,
      `${word(40)}0`,
      `0x${"g".repeat(40)}`,
      null,
    ],
    says: "must be 0x and 40 lower-case hex digits",
  },
  {
    name: "hexBytes",
    schema: field.hexBytes,
    takes: ["0x", "0x00", "0x09af"],
    refuses: ["", "0x0", "0x000", "00", "0x0G", "0xAB", "0x00 ", " 0x00", 0],
    says: "must be 0x and an even number of lower-case hex digits",
  },
  {
    name: "bytes of any length",
    schema: field.bytesField(),
    takes: ["0x", "0x00", "0x09af"],
    refuses: ["0x0", "0xAB", "x0x00", "0x00x"],
    says: "must be 0x and an even number of lower-case hex digits",
  },
  {
    name: "bytes of one length",
    schema: field.bytesField(2),
    takes: ["0x09af"],
    refuses: ["0x", "0x00", "0x000000"],
    says: "must have 2 bytes",
  },
  {
    name: "tenantField",
    schema: field.tenantField,
    takes: ["ab", "a-9", "a".repeat(32)],
    refuses: ["a", "a".repeat(33), "A1", "a b", 12],
    says: "must match [a-z0-9-]{2,32}",
  },
  {
    name: "providerField",
    schema: field.providerField,
    takes: ["ab", "a".repeat(64)],
    refuses: ["a", "a".repeat(65), "Ab", null],
    says: "must match [a-z0-9-]{2,64}",
  },
  {
    name: "regionField",
    schema: field.regionField,
    takes: ["WH", "WUHAN001"],
    refuses: ["W", "WUHAN0012", "wuhan", undefined],
    says: "must match [A-Z0-9]{2,8}",
  },
  {
    name: "timeZoneField",
    schema: field.timeZoneField,
    takes: ["UTC", "Asia/Shanghai", "America/Argentina/Buenos_Aires", "Etc/GMT+8", "Z".repeat(32)],
    refuses: ["", "Asia Shanghai", "1UTC", "/UTC", "Asia/", "a/b/c/d", "Z".repeat(33), "UTC ", " UTC"],
    says: "must be an IANA time zone",
  },
  {
    name: "decimalInteger",
    schema: field.decimalInteger,
    takes: ["0", "1", "10", "9".repeat(78)],
    refuses: ["", "00", "01", "9".repeat(79), "-1", "1.0", "0x1", "1 ", " 1"],
    says: "must be a decimal integer without leading zeros",
  },
  {
    name: "milligramsField",
    schema: field.milligramsField,
    takes: ["0", "1", MAX.toString()],
    refuses: [(MAX + 1n).toString(), "01", "-1", "1.5", "", "9".repeat(20)],
    says: "must be a decimal integer below 2^63",
  },
  {
    name: "uint32",
    schema: field.uint32,
    takes: [0, 1, 2 ** 32 - 1],
    refuses: [-1, 2 ** 32, 0.5, "1", null, Number.NaN],
    says: "must be an integer from 0 to 2^32 - 1",
  },
  {
    name: "dayField",
    schema: field.dayField,
    takes: [0, 2 ** 32 - 1],
    refuses: [-1, 2 ** 32, 0.5, "1"],
    says: "must be an integer from 0 to 2^32 - 1",
  },
  {
    name: "unixSecondsField",
    schema: field.unixSecondsField,
    takes: [0, Number.MAX_SAFE_INTEGER],
    refuses: [-1, Number.MAX_SAFE_INTEGER + 1, 0.5, "1"],
    says: "must be an integer from 0 to 2^53 - 1",
  },
];

describe.each(FIELDS)("the field $name", ({ schema, takes, refuses, says }) => {
  it.each(takes)("takes %j", (value) => {
    expect(messageOf(schema, value)).toBeNull();
  });

  it.each(refuses)("refuses %j and says what it must be", (value) => {
    // What is no text at all is told in the library's own words where a codec asks for a text first.
    expect(messageOf(schema, value)).toBe(`The sample breaks its schema at its top: ${says}.`);
  });
});

describe("a value that is written", () => {
  const encoded = (schema: z.ZodType, value: unknown): unknown =>
    field.encodeWith(schema, value, "test.malformed", "sample");

  it("is the text that it is read from", () => {
    expect(encoded(field.milligramsField, MAX)).toBe(MAX.toString());
    expect(encoded(field.milligramsField, 0n)).toBe("0");
    expect(encoded(field.bytesField(2), Uint8Array.of(9, 0xaf))).toBe("0x09af");
  });

  it("is refused where it could not be read again", () => {
    const refusal = (message: string) =>
      expect.objectContaining({
        code: "test.malformed",
        message: `The sample breaks its schema at ${message}.`,
      }) as Error;
    for (const mass of [-1n, MAX + 1n, 1])
      expect(() => encoded(field.milligramsField, mass)).toThrow(refusal("its top: must be below 2^63"));
    expect(() => encoded(field.bytesField(2), new Uint8Array(3))).toThrow(
      refusal("its top: must have 2 bytes"),
    );
    expect(() => encoded(field.bytesField(2), [1, 2])).toThrow(refusal("its top: must have 2 bytes"));
    expect(() => encoded(field.bytesField(), "0x00")).toThrow(refusal("its top: must be bytes"));
  });

  it("is named by its place, however deep", () => {
    const deep = z.strictObject({ list: z.array(z.strictObject({ mass: field.milligramsField })) });
    expect(messageOf(deep, { list: [{ mass: "1" }, { mass: "01" }] })).toBe(
      "The sample breaks its schema at list.1.mass: must be a decimal integer below 2^63.",
    );
  });
});
