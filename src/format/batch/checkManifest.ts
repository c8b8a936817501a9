import { yearOfDay } from "../../base/lib/time/calendar.ts";
import { fromHex } from "../../base/lib/bytes.ts";
import { InputError } from "../../base/errors/errors.ts";
import { isPublicKey } from "../ed25519.ts";
import { CORE_CONTRACT_NAMES } from "../v1/contractNames.ts";
import { MANIFEST_FORMAT_1 } from "../v1/manifest.ts";
import type { Manifest, Manifest2 } from "./manifest.ts";
import { ascends } from "../../base/lib/ascends.ts";
import { methodologyCategory, methodologyIdOf, validityDays } from "./methodology.ts";

/**
 * The rules of a manifest that reach over more than one field.
 * @throws InputError `manifest.vintage`, `manifest.total`, `manifest.methodologies`, `manifest.providers`,
 * `manifest.signing-key`, `manifest.key-scheme`, `manifest.previous`; of the second format also
 * `manifest.contracts`, `manifest.title`, `manifest.projects`, `manifest.project-providers`,
 * `manifest.methodology-category`, `manifest.use-by`, `manifest.previous-deployment`
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
  if (manifest.format === MANIFEST_FORMAT_1) return;
  checkContracts(manifest);
  checkTitle(manifest);
  checkProjects(manifest);
  checkCategory(manifest);
  checkUseBy(manifest);
  checkPreviousDeployment(manifest);
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
  for (const { id, algorithm, signingKey, validFrom, validTo } of providers) {
    if (signingKey === null) continue;
    // Of sm2-sm3 the schema looks at the key's form; nothing here computes on its curve.
    if (algorithm === "ed25519" && !isPublicKey(fromHex(signingKey)))
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

/** The list is open; what every reader relies on must be in it. */
function checkContracts({ contracts }: Manifest2): void {
  for (const name of CORE_CONTRACT_NAMES)
    if (!Object.hasOwn(contracts, name)) throw refused("contracts", `it does not name the ${name}`);
  const names = new Map<string, string>();
  for (const [name, address] of Object.entries(contracts)) {
    const other = names.get(address);
    if (other !== undefined) throw refused("contracts", `it gives ${other} and ${name} one address`);
    names.set(address, name);
  }
}

function checkTitle({ category, title }: Manifest2): void {
  if ((category === "project") === (title.kind === "project-owner")) return;
  throw refused("title", `a batch of category ${category} is not pooled by a title of kind ${title.kind}`);
}

/** The providers of a project batch are its projects, and no other batch has any. */
function checkProjects({ category, projects, providers }: Manifest2): void {
  if ((category === "project") !== projects.length > 0) {
    const fault = category === "project" ? "has at least one project" : "has no projects";
    throw refused("projects", `a batch of category ${category} ${fault}`);
  }
  if (!ascends(projects.map(({ id }) => id)))
    throw refused("projects", "the projects are not in ascending order of ids, or one stands twice");
  for (const { id, creditingPeriod, excludes } of projects) {
    if (creditingPeriod.startDay > creditingPeriod.endDay)
      throw refused("projects", `the crediting period of ${id} ends before it starts`);
    if (!ascends(excludes))
      throw refused("projects", `the classes that ${id} excludes do not ascend, or one stands twice`);
  }
  if (category !== "project") return;
  const same =
    providers.length === projects.length && providers.every(({ id }, index) => id === projects[index]?.id);
  if (!same)
    throw refused("project-providers", "the providers of a project batch are its projects, one each");
}

function checkCategory({ category, methodologies }: Manifest2): void {
  for (const methodology of methodologies) {
    const counted = methodologyCategory(methodology);
    if (counted !== category) {
      throw refused(
        "methodology-category",
        `${methodology.code} counts the category ${counted}, the batch holds ${category}`,
      );
    }
  }
}

function checkUseBy({ useBy, vintage }: Manifest2): void {
  if (useBy === null) return;
  if (useBy < vintage.endDay) throw refused("use-by", "useBy lies before the vintage's last day");
  // The statement that verifiers sign writes 0 for "none", and the registry keeps 24 bits. Days beyond what
  // calendars know have no year at all.
  const year = yearOfDay(useBy);
  if (useBy === 0 || !Number.isInteger(year) || year > 9999)
    throw refused("use-by", "useBy is the first day of 1970 or lies after the year 9999");
}

function checkPreviousDeployment({ previousDeployment, chainId, contracts }: Manifest2): void {
  if (previousDeployment === null) return;
  const { chainId: other, registry } = previousDeployment;
  if (other === chainId && registry === contracts.BatchRegistry)
    throw refused("previous-deployment", "previousDeployment is the deployment of the batch itself");
}

function refused(code: string, fault: string): InputError {
  return new InputError(`manifest.${code}`, `The manifest is refused: ${fault}.`);
}
