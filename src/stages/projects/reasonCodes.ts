/** Every reason for which a project's record does not count, with its sentence. Closed. */
export const PROJECT_SENTENCES = {
  "project.unknown":
    "The methodology counts projects, and the provider is no project of this operator. The operator " +
    "proposes it first, with the provider's id as its id.",
  "project.not-registered": "The project is not registered yet, so nothing of it counts.",
  "project.expired": "The project has expired, so nothing more of it counts.",
  "project.other-region": "The project is registered in another region than the one whose rule counts here.",
  "project.other-scenario": "The project is registered for another kind of installation than this record's.",
  "project.outside-crediting-period": "The month lies outside the project's crediting period.",
  "project.no-installation":
    "The record names no installation of the kind that the project is registered for. Map the asset in the " +
    "profile: each month of each installation is counted once.",
  "project.month-start":
    "A project's record is one installation's calendar month: it begins at 00:00 on the first of the " +
    "month in the region's zone, also where only a part of the month was measured.",
  "project.two-months":
    "The record spans two months. Write one for each calendar month, cut at the end of the month (and " +
    "at New Year) by a reading.",
  "project.month-runs":
    "The month is not over yet. Report it when it is: a month of an installation is counted once.",
  "project.excluded-class": "The provider is a project that excludes acts of this class on its own assets.",
} as const;

export type ProjectRecordCode = keyof typeof PROJECT_SENTENCES;

/** Why a month that has come in stays out of a closing: as of records, or it is not verified. Closed. */
export const PROJECT_CLOSING_SENTENCES = {
  ...PROJECT_SENTENCES,
  "project.not-verified":
    "No verification covers the month, so nothing of it is closed. The operator hands in its monitoring " +
    "report, and the registrar takes in its verification.",
} as const;

export type ProjectClosingCode = keyof typeof PROJECT_CLOSING_SENTENCES;

/** Why a project's record does not count. `field` names what of the record decided. */
export interface ProjectRecordRefusal {
  readonly code: ProjectRecordCode;
  readonly field: "provider" | "scenario" | "startedAt" | "endedAt" | "asset";
  readonly sentence: string;
}
