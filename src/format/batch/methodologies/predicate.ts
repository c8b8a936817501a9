import { ascends } from "../../../base/lib/ascends.ts";
import { z } from "zod";
import { attributeName, attributeValue } from "./attributes.ts";
import { calendarDay } from "../../v1/methodologyFields.ts";
import { boundField } from "./members.ts";

const attribute = attributeName;

/** A condition on one attribute: exactly one of the five. */
export const predicateSchema = z.union(
  [
    z.strictObject({ attribute, atMost: boundField }),
    z.strictObject({ attribute, atLeast: boundField }),
    z.strictObject({
      attribute,
      oneOf: z.array(attributeValue).min(1).max(1000).refine(ascends, "must ascend, each once"),
    }),
    z.strictObject({ attribute, notBefore: calendarDay }),
    z.strictObject({ attribute, notAfter: calendarDay }),
  ],
  "must name an attribute and one of atMost, atLeast, oneOf, notBefore, notAfter",
);
