import { InputError } from "../../base/errors/errors.ts";
import type { BatchId, RegionCode } from "../../base/types/ids.ts";
import type { Milligrams } from "../../base/types/quantities.ts";
import { milligrams } from "../../base/lib/mass.ts";
import { regionCode } from "../../base/lib/ids.ts";

/** A serial range: milligrams [start, end) of one batch. */
export interface SerialRange {
  readonly region: RegionCode;
  /** Calendar year of the vintage. */
  readonly year: number;
  readonly batchId: BatchId;
  readonly start: Milligrams;
  readonly end: Milligrams;
}

/** What a serial text says: it names the batch by the first half of its id. */
export interface ParsedSerial extends Omit<SerialRange, "batchId"> {
  /** 0x and 32 hex digits. */
  readonly batchIdStart: string;
}

/**
 * `MT-<region>-<year>-<32 hex of the batch id>-<first mg>-<last mg>`: both ends inclusive, as registries
 * write them.
 * @throws InputError `serial.empty`
 */
export function serialText({ region, year, batchId, start, end }: SerialRange): string {
  if (start < 0n || start >= end)
    throw new InputError("serial.empty", "A serial range needs at least one milligram.");
  const last = end - 1n;
  return [
    "MT",
    region,
    String(year).padStart(4, "0"),
    batchId.slice(2, 34),
    start.toString(),
    last.toString(),
  ].join("-");
}

/** The range behind a serial text, half-open again. @throws InputError `serial.malformed`, `serial.empty` */
export function parseSerialText(text: string): ParsedSerial {
  const match =
    /^MT-([A-Z0-9]{2,8})-([0-9]{4})-([0-9a-f]{32})-(0|[1-9][0-9]{0,18})-(0|[1-9][0-9]{0,18})$/.exec(text);
  if (!match) {
    throw new InputError(
      "serial.malformed",
      `${JSON.stringify(text.slice(0, 120))} is no serial; write MT-REGION-YYYY-<32 hex>-<first ` +
        "mg>-<last mg>.",
    );
  }
  const [, region, year, id, first, last] = match as unknown as [
    string,
    string,
    string,
    string,
    string,
    string,
  ];
  const start = milligrams(BigInt(first));
  const end = milligrams(BigInt(last) + 1n);
  if (start >= end) throw new InputError("serial.empty", "A serial range ends before it begins.");
  return { region: regionCode(region), year: Number(year), batchIdStart: `0x${id}`, start, end };
}
