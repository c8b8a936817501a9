import type { Methodology } from "../../base/types/methodology.ts";
import { capsSubjects } from "../../format/batch/methodologies/capsSubjects.ts";
import { periodCapsOf } from "../../format/batch/methodologies/periodCapsOf.ts";
import type { Verdict } from "../verdict.ts";

/**
 * What leaves show of the caps of their methodologies on days and years, and what they don't.
 * @param methodologies those of the leaves
 * @param shown the leaves, as their sentence begins: "All leaves of the batch", "The leaves shown of batch …"
 * @param ownLeaves how many of them are known to be of the subject whose key was given
 */
export function capSentences(
  methodologies: readonly Methodology[],
  shown: string,
  ownLeaves = 0,
): Pick<Verdict, "checked" | "notChecked"> {
  const caps = methodologies.flatMap((methodology) => periodCapsOf(methodology) ?? []);
  if (caps.length === 0) return { checked: [], notChecked: [] };
  const ofSubjects = caps.some((one) => capsSubjects(one));
  const ofAll = caps.some(({ programmeYear }) => programmeYear !== null);
  return {
    checked: [
      ...(ofSubjects
        ? [`${shown} keep, each by itself, to the caps of their methodologies on a subject's day and year.`]
        : []),
      ...(ofSubjects && ownLeaves > 0
        ? ["Those among them that the subject key opens keep to these caps together."]
        : []),
      ...(ofAll ? [`${shown} keep together to the caps of their methodologies on everybody's year.`] : []),
    ],
    notChecked: [
      ...(ofSubjects
        ? [
            "That leaves of one subject keep together to the caps on its day and year: a leaf does not say " +
              "whose it is. The batch's verifiers attest to that within the batch.",
          ]
        : []),
      "What other batches, and leaves that are not here, used of the caps on a day or a year, and so " +
        "whether a leaf had to be cut, or could still count.",
    ],
  };
}
