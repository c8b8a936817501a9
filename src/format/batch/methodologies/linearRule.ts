import { z } from "zod";
import { factorField } from "./members.ts";

/** Quantity times factor. */
export const linearRule = z.strictObject({ kind: z.literal("linear"), gramsPerUnit: factorField });
