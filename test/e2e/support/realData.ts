import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";

/** Folder of the real data, which never ships with the project. */
const DATA = process.env["MICROTONNE_DATA"] ?? "../shared/data";
export const dataFile = (path: string): string => join(DATA, path);
export const hasData = existsSync(DATA);

const linesOf = (path: string): string[] =>
  gunzipSync(readFileSync(dataFile(path)))
    .toString("utf8")
    .trimEnd()
    .split(/\r?\n/);

/**
 * Milligrams of the Singapore trips that count, read by nothing but splitting: metres with six places, 93.3
 * g/km, each trip rounded down; not those of 0 m, snapped by more than 200 m, or faster than 40 km/h.
 */
export function plainSingaporeMilligrams(path: string): { trips: number; milligrams: bigint } {
  let [trips, milligrams] = [0, 0n];
  for (const line of linesOf(path)) {
    const [, , start, end, , startDistance, , endDistance, metres = ""] = line.split("\t");
    const seconds = BigInt(end ?? "") - BigInt(start ?? "");
    const millimetres = BigInt(metres.replace(".", "")) / 1000n;
    if (millimetres === 0n || Number(startDistance) > 200 || Number(endDistance) > 200) continue;
    if (seconds < 0n || seconds > 86_400n || millimetres * 36n > 400_000n * seconds) continue;
    trips += 1;
    milligrams += (millimetres * 933n) / 10_000n;
  }
  return { trips, milligrams };
}

/**
 * The same for Dundee's charging sessions: kWh, 409.4 g/kWh, not those without end, of zero, negative or
 * above 200 kWh.
 */
export function plainDundeeMilligrams(path: string): { sessions: number; milligrams: bigint } {
  let [sessions, milligrams] = [0, 0n];
  for (const line of linesOf(path).slice(1)) {
    const [, , , , , , endDay, endTime, kWh = ""] = line.split(",");
    const [whole = "", fraction = ""] = kWh.split(".");
    if (!endDay || !endTime || kWh.startsWith("-")) continue;
    const microKilowattHours = BigInt(whole + fraction.padEnd(6, "0"));
    if (microKilowattHours === 0n || microKilowattHours > 200_000_000n) continue;
    sessions += 1;
    milligrams += (microKilowattHours * 4094n) / 10_000n;
  }
  return { sessions, milligrams };
}
