import { parseDegrees } from "./greatCircle.ts";

/** Two numbers of one cell in the order in which they stand there. */
export type PointOrder = "latitude longitude" | "longitude latitude";

/**
 * `22.5,114.1`, `(22.5, 114.1)`, `[114.1,22.5]`, `114.1 22.5`, `22.5;114.1`, `POINT(114.1 22.5)`,
 * `SRID=4326;POINT (114.1 22.5)`.
 */
const PAIR =
  /^(?:SRID=4326;)?\s*(?:POINT\s*)?[([]?\s*([+-]?[0-9.]{1,34})\s*[,;\s]\s*([+-]?[0-9.]{1,34})\s*[)\]]?$/i;

/**
 * Latitude and longitude of a point that stands in one cell, or null where the text is none. Well-known text
 * has the longitude first.
 */
export function parsePoint(
  text: string,
  order: PointOrder,
): readonly [latitude: number, longitude: number] | null {
  const match = PAIR.exec(text);
  if (!match) return null;
  const [, first = "", second = ""] = match;
  const [north, east] = order === "latitude longitude" ? [first, second] : [second, first];
  const [latitude, longitude] = [parseDegrees(north, 90), parseDegrees(east, 180)];
  return latitude === null || longitude === null ? null : [latitude, longitude];
}
