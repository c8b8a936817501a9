import { stepProject } from "../../adapters/storage/projects/stepProject.ts";
import { InputError, StateError } from "../../base/errors/errors.ts";
import { parseDay } from "../../base/lib/time/calendar.ts";
import { localDay } from "../../base/lib/time/zone.ts";
import { toHex, utf8 } from "../../base/lib/bytes.ts";
import type { Hex } from "../../base/types/ids.ts";
import type { Day, UnixSeconds } from "../../base/types/quantities.ts";
import { keccak } from "../../format/keccak.ts";
import { noticeEnd } from "../../stages/projects/decideProjectStep.ts";
import type { Project, ProjectEvent, ReportedPeriod } from "../../stages/projects/ports.ts";
import { operatorOf } from "../chain/operatorOf.ts";
import type { Context, Registrar } from "../context.ts";
import { knownProject } from "./knownProject.ts";
import { projectSteps } from "./projectSteps.ts";

/** A period as it is typed: calendar days, both inclusive, and the hash of its document. */
export interface AskedPeriod {
  readonly from: string;
  readonly to: string;
  readonly documentHash: Hex;
}

/** What is asked for a project that was proposed. */
export type AskedStep =
  | { readonly what: "notice" | "retract" }
  | { readonly what: "object"; readonly why: string }
  | { readonly what: "register"; readonly registration: string; readonly why: string | null }
  | ({ readonly what: "monitor" | "verify" } & AskedPeriod)
  | { readonly what: "expire"; readonly why: string | null };

const MAX_WHY = 2000;

/**
 * Takes a step of a project's life, in the name of whom it belongs to: the operator retracts and monitors,
 * the region's registrar does the rest. May be repeated.
 * @throws StateError `project.…` as `decideProjectStep`, `project.no-registrar`; UsageError
 * `project.unknown`; InputError `project.why`, `project.day`
 */
export async function takeProjectStep(context: Context, id: string, asked: AskedStep): Promise<Project> {
  const project = await knownProject(context, id);
  const event = await eventOf(context, project, asked);
  return stepProject(context.db, context.tenant, project, event, projectSteps);
}

async function eventOf(context: Context, project: Project, asked: AskedStep): Promise<ProjectEvent> {
  const at = context.clock.now();
  if (asked.what === "monitor") {
    const { address: by } = await operatorOf(context);
    return { what: "monitor", by, at, report: reportOf(asked) };
  }
  if (asked.what === "retract") {
    const { address: by } = await operatorOf(context);
    return { what: "retract", by, at, content: toHex(keccak(utf8(project.json))) };
  }
  const registrar = await registrarOf(context, project);
  const [by, regions] = [registrar.signer.address, registrar.regions];
  switch (asked.what) {
    case "notice":
      return { what: "notice", by, at, regions };
    case "object":
      return { what: "object", by, at, regions, why: reason(asked.why) };
    case "register": {
      const why = asked.why === null ? null : reason(asked.why);
      const { registration } = asked;
      const rehearsal = context.config.rehearsal && isNoticeRunning(project, at);
      return { what: "register", by, at, regions, registration, why, ...(rehearsal && { rehearsal }) };
    }
    case "verify":
      return { what: "verify", by, at, regions, report: reportOf(asked) };
    case "expire": {
      const today = localDay(context.methodologies.timeZoneOf(project.region) ?? "UTC", at);
      const why = asked.why === null ? null : reason(asked.why);
      return { what: "expire", by, at, regions, today, why };
    }
  }
}

function isNoticeRunning({ noticedAt, noticeDays }: Project, at: UnixSeconds): boolean {
  return noticedAt !== null && at < noticeEnd({ noticedAt, noticeDays });
}

async function registrarOf(context: Context, { id, region }: Project): Promise<Registrar> {
  const { registrar } = await context.chain();
  if (registrar !== null) return registrar;
  throw new StateError(
    "project.no-registrar",
    `This step of project ${id} is the registrar's of ${region}, and this process has no registrar's key. ` +
      "Run it with MICROTONNE_REGISTRAR_PRIVATE_KEY and MICROTONNE_REGISTRAR_REGIONS.",
  );
}

function reportOf({ from, to, documentHash }: AskedPeriod): ReportedPeriod {
  return { startDay: dayOf(from), endDay: dayOf(to), documentHash };
}

function dayOf(text: string): Day {
  const day = parseDay(text);
  if (day !== null) return day;
  throw new InputError("project.day", `${JSON.stringify(text.slice(0, 20))} is no calendar day YYYY-MM-DD.`);
}

function reason(text: string): string {
  const why = text.normalize("NFC").trim();
  if (why !== "" && why.length <= MAX_WHY) return why;
  throw new InputError(
    "project.why",
    `Say it in 1 to ${String(MAX_WHY)} characters, without a person's name: it stands in the record for ` +
      "good.",
  );
}
