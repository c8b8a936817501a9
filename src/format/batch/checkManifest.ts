import { yearOfDay } from "../../base/lib/calendar.ts";
import { fromHex } from "../../base/lib/bytes.ts";
import { InputError } from "../../base/errors/errors.ts";
import { isPublicKey } from "../ed25519.ts";
import type { Manifest } from "./manifest.ts";
import { methodologyIdOf, validityDays } from "./methodology.ts";

/**
 * The rules of a manifest that reach over more than one field.
 * @throws InputError `manifest.vintage`, `manifest.total`, `manifest.methodologies`, `manifest.providers`,
 * `manifest.signing-key`, `manifest.key-scheme`, `manifest.previous`
 */
export function checkManifest(manifest: Manifest): void {
  checkVintage(manifest);
  checkTotals(manifest);
  checkMethodologies(manifest);
  checkProviders(manifest);
  checkKeyScheme(manifest);
  // The statement that verifiers sign writes 0 for "none".
  if (manifest.previousBatchId !== null && BigInt(manifest.previousBatchId) === 0n)
    throw refused("previous", "previousBatchId 0 is written as null");
}

function checkVintage({ vintage }: Manifest): void {
  if (vintage.startDay > vintage.endDay) throw refused("vintage", "endDay lies before startDay");
  const year = yearOfDay(vintage.startDay);
  if (!Number.isInteger(year) || year > 9999) throw refused("vintage", "startDay lies after the year 9999");
  if (year !== yearOfDay(vintage.endDay))
    throw refused("vintage", "the days are not within one calendar year");
}

function checkTotals({ leafCount, totalMilligrams, subjectlessMilligrams }: Manifest): void {
  if (leafCount === 0) throw refused("total", "a batch has at least one leaf");
  // No leaf is empty, so a batch weighs at least one milligram per leaf.
  if (totalMilligrams < BigInt(leafCount))
    throw refused("total", "totalMilligrams is less than one milligram per leaf");
  if (subjectlessMilligrams > totalMilligrams)
    throw refused("total", "subjectlessMilligrams is more than totalMilligrams");
}

/** Days of leaves, vintage and validity are compared as numbers, so all must be days of one zone. */
function checkMethodologies({ methodologies, region, vintage }: Manifest): void {
  let previous = "";
  for (const methodology of methodologies) {
    const id = methodologyIdOf(methodology);
    const { code } = methodology;
    if (id <= previous)
      throw refused("methodologies", `${code} is not in ascending order of ids, or stands twice`);
    previous = id;
    if (methodology.region !== region)
      throw refused("methodologies", `${code} is of region ${methodology.region}, the batch of ${region}`);
    if (methodology.timeZone !== vintage.timeZone) {
      throw refused(
        "methodologies",
        `${code} counts days of ${methodology.timeZone}, the batch of ${vintage.timeZone}`,
      );
    }
    const { first, last } = validityDays(methodology);
    if (first > vintage.endDay || last < vintage.startDay)
      throw refused("methodologies", `${code} is valid on no day of the vintage`);
  }
}

function checkProviders({ providers }: Manifest): void {
  for (let i = 1; i < providers.length; i++) {
    const id = providers[i]?.id ?? "";
    if (id <= (providers[i - 1]?.id ?? ""))
      throw refused("providers", `${id} is not in ascending order of ids, or stands twice`);
  }
  for (const { id, signingKey, validFrom, validTo } of providers) {
    if (signingKey === null) continue;
    if (!isPublicKey(fromHex(signingKey)))
      throw refused("signing-key", `the signing key of ${id} is no Ed25519 key`);
    if (validTo !== null && validTo <= validFrom)
      throw refused("signing-key", `the signing key of ${id} is valid at no time`);
  }
}

/** A vintage of the year Y of its own zone holds minutes of the UTC years Y - 1 to Y + 1. */
function checkKeyScheme({ keyScheme, vintage }: Manifest): void {
  const vintageYear = yearOfDay(vintage.startDay);
  let previous = 0;
  for (const { year } of keyScheme) {
    if (year <= previous)
      throw refused("key-scheme", `year ${String(year)} is not in ascending order, or stands twice`);
    if (Math.abs(year - vintageYear) > 1)
      throw refused("key-scheme", `no act of ${String(vintageYear)} starts in the UTC year ${String(year)}`);
    previous = year;
  }
}

function refused(code: string, fault: string): InputError {
  return new InputError(`manifest.${code}`, `The manifest is refused: ${fault}.`);
}
