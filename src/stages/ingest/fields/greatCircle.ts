/**
 * Mean radius of the Earth, R1 = (2a + b) / 3 of GRS 80, in metres (Moritz, Geodetic Reference System 1980).
 */
const MEAN_RADIUS_METRES = 6_371_008.8;
const RADIANS_PER_DEGREE = Math.PI / 180;

/**
 * Distance between two places on a sphere by the haversine formula, in whole metres, rounded down. Degrees of
 * WGS 84. This is the one computation with floating point in ingest; it stays inside and only whole metres
 * leave it. The sphere is off by up to 0.5 % against the ellipsoid, and the way that was really travelled is
 * longer than either.
 */
export function greatCircleMetresDown(
  latitudeA: number,
  longitudeA: number,
  latitudeB: number,
  longitudeB: number,
): number {
  const phiA = latitudeA * RADIANS_PER_DEGREE;
  const phiB = latitudeB * RADIANS_PER_DEGREE;
  const halfPhi = Math.sin((phiB - phiA) / 2);
  const halfLambda = Math.sin(((longitudeB - longitudeA) * RADIANS_PER_DEGREE) / 2);
  const chord = halfPhi * halfPhi + Math.cos(phiA) * Math.cos(phiB) * halfLambda * halfLambda;
  return Math.floor(2 * MEAN_RADIUS_METRES * Math.asin(Math.min(1, Math.sqrt(chord))));
}

/** Degrees of latitude (limit 90) or longitude (limit 180), or null where the text is none. */
export function parseDegrees(text: string, limit: 90 | 180): number | null {
  if (!/^[+-]?[0-9]{1,3}(?:\.[0-9]{1,30})?$/.test(text)) return null;
  const degrees = Number(text);
  return Math.abs(degrees) <= limit ? degrees : null;
}
