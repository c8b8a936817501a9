import type { Bind, FieldReader } from "../fields/columns.ts";
import { parseDegrees } from "../fields/greatCircle.ts";
import type { Mapper } from "./mapIdentity.ts";
import type { Point } from "../schema/quantitySchema.ts";
import { parsePoint } from "../fields/parsePoint.ts";
import { Refusal } from "../reasonCodes.ts";

/** Reads a place of a row, in degrees: out of two columns (as `number` binds them), or out of one cell. */
export function placeReader(
  point: Point,
  bind: Bind,
  number: Bind,
): { label: string; read: Mapper<readonly [latitude: number, longitude: number]> } {
  if ("column" in point) {
    const reader = bind(point.column);
    const malformed = new Refusal("coordinate.malformed", reader.label);
    const read: ReturnType<typeof placeReader>["read"] = (row) => {
      const text = reader.read(row);
      return typeof text === "string" ? (parsePoint(text, point.order) ?? malformed) : text;
    };
    return { label: reader.label, read };
  }
  const degrees = (reader: FieldReader, limit: 90 | 180): Mapper<number> => {
    const malformed = new Refusal("coordinate.malformed", reader.label);
    return (row) => {
      const text = reader.read(row);
      return typeof text === "string" ? (parseDegrees(text, limit) ?? malformed) : text;
    };
  };
  const [north, east] = [number(point.latitude), number(point.longitude)];
  const [latitudeOf, longitudeOf] = [degrees(north, 90), degrees(east, 180)];
  return {
    label: `${north.label} + ${east.label}`,
    read(row) {
      const latitude = latitudeOf(row);
      if (latitude instanceof Refusal) return latitude;
      const longitude = longitudeOf(row);
      return longitude instanceof Refusal ? longitude : [latitude, longitude];
    },
  };
}
