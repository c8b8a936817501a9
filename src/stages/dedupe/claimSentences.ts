import type { ClaimCode } from "./ports.ts";

/** What each code of a claim on an asset says to people. */
export const CLAIM_SENTENCES: Readonly<Record<ClaimCode, string>> = {
  "claim.project-month":
    "A project counts this asset (fleet, network, meter) in this month, so nobody else counts it there.",
  "claim.acts":
    "Acts of a class that the project excludes were admitted on this asset in this month; the first " +
    "that is in keeps.",
  "claim.certificate":
    "A certificate of another registry stands for energy of this meter in this month. Where the class " +
    "is only lowered by it, report what is left and name what is certified in the attribute certified-kwh.",
  "project.above-count":
    "The project's installations that report in this month are as many as it is registered with. What was " +
    "added since belongs to another project.",
  "project.above-capacity":
    "With this record the project's installations would come to more than their registered capacity gives " +
    "in all hours of the month. Look at the reading; what was added since belongs to another project.",
};
