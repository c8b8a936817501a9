import type { Chance } from "./chanceOf.ts";

/**
 * The metro stations of the generated city. None of them exists: names are the sixty of the Chinese cycle,
 * places a shaken grid.
 */
export interface Stations {
  readonly count: number;
  nameOf(station: number): string;
  /** Great-circle distance in whole metres, rounded down; null for a pair that no ride should have. */
  metresDown(from: number, to: number): number | null;
  /** The lookup file: CSV with name, latitude and longitude, LF. */
  readonly lookup: string;
}

const STEMS = "甲乙丙丁戊己庚辛壬癸";
const BRANCHES = "子丑寅卯辰巳午未申酉戌亥";
const COUNT = 60;
const COLUMNS = 10;
/**
 * Hundred-thousandths of a degree: south-western corner, step of the grid (about 3 km), and how far a station
 * may lie off it.
 */
const SOUTH = 3_052_000;
const WEST = 11_417_000;
const STEP_NORTH = 2_700;
const STEP_EAST = 3_100;
const SHAKE = 600;

/** Mean radius of the Earth in metres, R1 of GRS 80 (Moritz). */
const EARTH_METRES = 6_371_008.8;
/**
 * Two right formulas for the distance may differ in the last digits of floating point. Pairs this close to a
 * whole metre, in metres, are left out, so that no formula can round them down to another metre.
 */
const IN_DOUBT = 1e-4;

type Vector = readonly [number, number, number];

export function stationsOf(chance: Chance): Stations {
  const shaken = (base: number): number => base + chance.between(-SHAKE, SHAKE);
  const names = Array.from(
    { length: COUNT },
    (_, i) => `${STEMS[i % STEMS.length] as string}${BRANCHES[i % BRANCHES.length] as string}`,
  );
  const places = names.map((_, i) => ({
    latitude: degrees(shaken(SOUTH + STEP_NORTH * Math.floor(i / COLUMNS))),
    longitude: degrees(shaken(WEST + STEP_EAST * (i % COLUMNS))),
  }));
  const vectors = places.map(({ latitude, longitude }) => onSphere(Number(latitude), Number(longitude)));
  const table = vectors.map((from, i) =>
    vectors.map((to, j) => (i === j ? null : undoubtedMetresDown(from, to))),
  );
  const lines = places.map(
    ({ latitude, longitude }, i) => `${names[i] as string},${latitude},${longitude}\n`,
  );
  return {
    count: COUNT,
    nameOf: (station) => names[station] as string,
    metresDown: (from, to) => table[from]?.[to] ?? null,
    lookup: `站名,纬度,经度\n${lines.join("")}`,
  };
}

function degrees(hundredThousandths: number): string {
  const whole = String(Math.floor(hundredThousandths / 100_000));
  return `${whole}.${String(hundredThousandths % 100_000).padStart(5, "0")}`;
}

function onSphere(latitude: number, longitude: number): Vector {
  const [phi, lambda] = [(latitude * Math.PI) / 180, (longitude * Math.PI) / 180];
  return [Math.cos(phi) * Math.cos(lambda), Math.cos(phi) * Math.sin(lambda), Math.sin(phi)];
}

/** By the angle between two vectors; ingest uses the haversine formula, so that each checks the other. */
function undoubtedMetresDown([a, b, c]: Vector, [x, y, z]: Vector): number | null {
  const cross = Math.hypot(b * z - c * y, c * x - a * z, a * y - b * x);
  const metres = EARTH_METRES * Math.atan2(cross, a * x + b * y + c * z);
  return Math.abs(metres - Math.round(metres)) < IN_DOUBT ? null : Math.floor(metres);
}
