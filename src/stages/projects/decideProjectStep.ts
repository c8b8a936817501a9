import { StateError } from "../../base/errors/errors.ts";
import type { ProjectAct } from "../../base/errors/remedy.ts";
import { dayText, utcText } from "../../base/lib/time/calendar.ts";
import { SECONDS_PER_DAY } from "../../base/lib/time/units.ts";
import type { Address } from "../../base/types/ids.ts";
import type {
  DayRange,
  ProjectContent,
  ProjectEvent,
  ProjectStanding,
  ProjectState,
  ProjectStep,
  Regions,
} from "./ports.ts";
import { projectRefusal } from "./projectRefusal.ts";
import { projectSaid } from "./projectSaid.ts";
import { reportedPeriods } from "./reportedPeriods.ts";

type EventOf<What extends ProjectEvent["what"]> = Extract<ProjectEvent, { what: What }>;

/** States from which a step leads on, and the command that comes before the others. */
const BEFORE: Readonly<Record<ProjectEvent["what"], readonly ProjectState[]>> = {
  propose: [],
  retract: ["proposed"],
  notice: ["proposed"],
  object: ["noticed"],
  register: ["noticed"],
  monitor: ["registered", "monitored", "verified", "issued"],
  // Periods that were monitored together are verified one by one.
  verify: ["monitored", "verified", "issued"],
  issue: ["verified"],
  expire: ["registered", "monitored", "verified", "issued"],
};

/**
 * Who takes a step. Two pairs of eyes: what the operator, whose key proposed the project, brings, the
 * registrar of its region looks at with another key. Objections come in at the registrar's desk. Whoever
 * proposes becomes the operator; that it is issued the chain shows, whoever looks.
 */
const WHO = {
  propose: "anybody",
  retract: "operator",
  notice: "registrar",
  object: "registrar",
  register: "registrar",
  monitor: "operator",
  verify: "registrar",
  issue: "anybody",
  expire: "registrar",
} as const satisfies {
  [What in ProjectEvent["what"]]: EventOf<What> extends { regions: Regions }
    ? "registrar"
    : "operator" | "anybody";
};

/** The step that a project in a state takes next. */
const NEXT: Readonly<Record<ProjectState, readonly [said: string, step: ProjectAct]>> = {
  proposed: ["the registrar gives notice of it", "notice"],
  noticed: ["the registrar registers it when the notice is over", "register"],
  registered: ["the operator hands in a monitoring report", "monitor"],
  monitored: ["the registrar takes in its verification", "verify"],
  verified: ["a batch of it is closed and minted", "close-batch"],
  issued: ["the operator hands in the next monitoring report", "monitor"],
  expired: ["it stays so; its operator proposes what follows it under another id", "propose"],
  retracted: ["its operator proposes it anew", "propose"],
};

/**
 * Where something that is done to a project takes it. Whatever is done again, saying the same, changes
 * nothing, however far the project has gone since. Who may do it stands in `WHO`.
 *
 * Registering waits for the end of the notice, and for an answer where there were objections. A verification
 * names a period that was monitored and is not verified yet.
 * @param standing null where the tenant has no project of that id
 * @throws StateError `project.unknown`, `project.id-taken`, `project.state`, `project.same-key`,
 * `project.other-registrar`, `project.other-key`, `project.notice-over`, `project.notice-runs`,
 * `project.objections`, `project.registration`, `project.period`, `project.not-monitored`,
 * `project.verified`, `project.not-over`
 */
export function decideProjectStep(
  content: ProjectContent,
  standing: ProjectStanding | null,
  event: ProjectEvent,
): ProjectStep {
  if (event.what === "propose") return propose(content, standing);
  if (standing === null) throw projectRefusal("unknown", content, "was not proposed here. Propose its file.");
  checkWho(content, standing, event);
  const before = standing.state;
  if (isRepeated(standing, event)) return { before, after: before, written: false };
  if (!BEFORE[event.what].includes(before)) {
    const [said, step] = NEXT[before];
    throw projectRefusal(
      "state",
      content,
      `is ${before}, so it can't take the step "${event.what}". Next ${said}.`,
      { act: "take-project-step", step },
    );
  }
  return { before, after: nextState(content, standing, event), written: true };
}

/** The first second in which no objection is taken any more. */
export function noticeEnd({ noticedAt, noticeDays }: { noticedAt: number; noticeDays: number }): number {
  return noticedAt + noticeDays * SECONDS_PER_DAY;
}

function propose(content: ProjectContent, standing: ProjectStanding | null): ProjectStep {
  if (standing === null || standing.state === "retracted")
    return { before: standing?.state ?? null, after: "proposed", written: true };
  if (standing.json === content.json)
    return { before: standing.state, after: standing.state, written: false };
  throw projectRefusal(
    "id-taken",
    content,
    "was proposed with other content. What was proposed never changes: give this one another id, or " +
      "retract the other one while the registrar has given no notice of it.",
  );
}

/**
 * True where this very step was taken since the project was proposed last; a project that is issued may be so
 * by another batch.
 */
function isRepeated({ state, decisions }: ProjectStanding, event: ProjectEvent): boolean {
  if (event.what === "issue" && state === "issued") return true;
  const own = projectSaid(event);
  const proposedAt = decisions.findLastIndex(({ what }) => what === "propose");
  return decisions.slice(proposedAt + 1).some(({ what, said }) => what === event.what && said === own);
}

function nextState(
  content: ProjectContent,
  standing: ProjectStanding,
  event: Exclude<ProjectEvent, EventOf<"propose">>,
): ProjectState {
  switch (event.what) {
    case "retract":
      return "retracted";
    case "notice":
      return "noticed";
    case "object":
      if (event.at >= endOf(content, standing))
        throw projectRefusal(
          "notice-over",
          content,
          `took objections until ${utcText(endOf(content, standing))}. Turn to the registrar of ` +
            `${content.region}.`,
        );
      return "noticed";
    case "register":
      checkNotice(content, standing, event);
      return "registered";
    case "monitor":
      checkPeriod(content, event.report);
      return "monitored";
    case "verify":
      checkPeriod(content, event.report);
      checkMonitored(content, standing, event.report);
      return "verified";
    case "issue":
      return "issued";
    case "expire":
      if (event.today <= content.creditingPeriod.endDay && event.why === null)
        throw projectRefusal(
          "not-over",
          content,
          `has a crediting period to ${dayText(content.creditingPeriod.endDay)}, and no reason is ` +
            `given why ` +
            "it ends before.",
          { act: "give-reason" },
        );
      return "expired";
  }
}

/** As `WHO` says. */
function checkWho(content: ProjectContent, { proposedBy }: ProjectStanding, event: ProjectEvent): void {
  const isOwn = sameKey(event.by, proposedBy);
  if (WHO[event.what] === "operator" && !isOwn)
    throw projectRefusal(
      "other-key",
      content,
      `was proposed by ${proposedBy}, and ${event.by} takes its operator's step "${event.what}".`,
    );
  if (!isRegistrars(event)) return;
  if (event.regions !== null && !event.regions.includes(content.region))
    throw projectRefusal(
      "other-registrar",
      content,
      `is of region ${content.region}; this registrar's key is for ${event.regions.join(", ")}. The ` +
        "registrar of the region takes this step.",
    );
  if (isOwn)
    throw projectRefusal(
      "same-key",
      content,
      `was proposed by ${event.by}, which may not decide about it as well. Two pairs of eyes: the ` +
        "registrar has a key of its own.",
    );
}

function isRegistrars(event: ProjectEvent): event is Extract<ProjectEvent, { regions: Regions }> {
  return WHO[event.what] === "registrar";
}

function checkNotice(content: ProjectContent, standing: ProjectStanding, event: EventOf<"register">): void {
  const end = endOf(content, standing);
  if (event.at < end && !event.rehearsal)
    throw projectRefusal(
      "notice-runs",
      content,
      `takes objections until ${utcText(end)} (${String(content.noticeDays)} days). Register it then.`,
    );
  if (standing.objections > 0 && event.why === null)
    throw projectRefusal(
      "objections",
      content,
      `met ${String(standing.objections)} objections, and nothing says how they were answered.`,
      { act: "answer-objections", project: content.id },
    );
  if (event.registration.trim() === "" || event.registration.length > MAX_REGISTRATION)
    throw projectRefusal(
      "registration",
      content,
      `needs the registry's number, 1 to ${String(MAX_REGISTRATION)} characters.`,
      { act: "give-registration" },
    );
}

const MAX_REGISTRATION = 100;

function checkPeriod(content: ProjectContent, { startDay, endDay }: DayRange): void {
  const { creditingPeriod } = content;
  if (startDay <= endDay && startDay >= creditingPeriod.startDay && endDay <= creditingPeriod.endDay) return;
  throw projectRefusal(
    "period",
    content,
    `is credited from ${dayText(creditingPeriod.startDay)} to ${dayText(creditingPeriod.endDay)}; ` +
      `${dayText(startDay)} to ${dayText(endDay)} is no period within it.`,
  );
}

function checkMonitored(content: ProjectContent, standing: ProjectStanding, period: DayRange): void {
  const isSame = ({ startDay, endDay }: DayRange): boolean =>
    startDay === period.startDay && endDay === period.endDay;
  const told = rangeText(period);
  const monitored = reportedPeriods(standing, "monitor");
  if (!monitored.some(isSame))
    throw projectRefusal(
      "not-monitored",
      content,
      `has no monitoring report of ${told}. Name a period that was monitored: ` +
        `${monitored.map(rangeText).join(", ")}.`,
    );
  if (reportedPeriods(standing, "verify").some(isSame))
    throw projectRefusal(
      "verified",
      content,
      `is verified from ${told} by another document. A verification stands.`,
      { act: "show-project", project: content.id },
    );
}

function rangeText({ startDay, endDay }: DayRange): string {
  return `${dayText(startDay)} to ${dayText(endDay)}`;
}

function endOf({ noticeDays }: ProjectContent, { noticedAt }: ProjectStanding): number {
  if (noticedAt === null) throw new StateError("project.state", "A notice that never began has no end.");
  return noticeEnd({ noticedAt, noticeDays });
}

function sameKey(a: Address, b: Address): boolean {
  return a.toLowerCase() === b.toLowerCase();
}
