import { parseDegrees } from "../fields/greatCircle.ts";
import { parsePoint } from "../fields/parsePoint.ts";
import type { ColumnFacts } from "./columnFacts.ts";

const START = /start|begin|from|origin|pick.?up|entry|(?:^|[_\W])o_|depart|起|上车|出发/;
const END = /end|stop|to(?:$|[_\W])|dest|drop|exit|(?:^|[_\W])d_|arriv|终|止|下车|到达/;
const LATITUDE = /lat|纬度/;
const LONGITUDE = /lng|lon|经度/;

/**
 * The places of start and end, where they stand in the row: in four columns, or in two with both numbers in
 * one cell.
 */
export function choosePlaces(
  facts: readonly ColumnFacts[],
): { columns: readonly string[]; section: Readonly<Record<string, unknown>> } | null {
  const find = (kind: RegExp, where: RegExp, limit: 90 | 180): string | undefined =>
    facts.find(
      ({ name, filled }) =>
        kind.test(name.toLowerCase()) &&
        where.test(name.toLowerCase()) &&
        filled.length > 0 &&
        filled.every((value) => parseDegrees(value, limit) !== null),
    )?.name;
  const [fromNorth, fromEast, toNorth, toEast] = [
    find(LATITUDE, START, 90),
    find(LONGITUDE, START, 180),
    find(LATITUDE, END, 90),
    find(LONGITUDE, END, 180),
  ];
  if (fromNorth !== undefined && fromEast !== undefined && toNorth !== undefined && toEast !== undefined) {
    const section = {
      from: { latitude: fromNorth, longitude: fromEast },
      to: { latitude: toNorth, longitude: toEast },
    };
    return { columns: [fromNorth, fromEast, toNorth, toEast], section };
  }
  const cells = facts.filter(
    ({ filled }) =>
      filled.length > 0 &&
      filled.every(
        (value) =>
          parsePoint(value, "longitude latitude") !== null ||
          parsePoint(value, "latitude longitude") !== null,
      ),
  );
  const from = cells.find(({ name }) => START.test(name.toLowerCase()));
  const to = cells.find((column) => column !== from && END.test(column.name.toLowerCase()));
  if (!from || !to) return null;
  const both = [...from.filled, ...to.filled];
  const longitudeFirst = both.some(
    (value) => /point/i.test(value) || parsePoint(value, "latitude longitude") === null,
  );
  const order = longitudeFirst ? "longitude latitude" : "latitude longitude";
  return {
    columns: [from.name, to.name],
    section: { from: { column: from.name, order }, to: { column: to.name, order } },
  };
}
