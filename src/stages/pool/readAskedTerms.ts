import { z } from "zod";
import { UsageError } from "../../base/errors/errors.ts";
import { dayText, firstDayOf, parseDay } from "../../base/lib/time/calendar.ts";
import type { Address, RegionCode } from "../../base/types/ids.ts";
import type { Day } from "../../base/types/quantities.ts";
import {
  parseVerification,
  verificationFault,
  verificationHash,
} from "../../format/batch/verificationStatement.ts";
import { decodeWith, providerField, word32 } from "../../format/schema.ts";
import type { ClosingCategory, ClosingTerms } from "./ports.ts";

const LAST_YEAR = 9999;

/** What a closing is asked to say of its batch; what is left out is the settings' to say. JSON. */
export interface AskedTerms {
  /** YYYY-MM-DD, the last day of the region's zone on which the batch may be retired. */
  readonly useBy?: string | undefined;
  readonly title?:
    | { readonly kind: "consent-scope" | "programme" | "project-owner"; readonly documentHash: string }
    | undefined;
  readonly campaign?: { readonly id: string; readonly documentHash: string } | undefined;
  readonly audience?: ClosingTerms["audience"] | undefined;
  /** The whole statement of the verification body, parsed JSON. */
  readonly verification?: unknown;
}

/** The closing that is asked for. */
export interface AskedClosing {
  readonly operator: Address;
  readonly region: RegionCode;
  readonly vintage: number;
  readonly category: ClosingCategory;
  /** Of the region's zone, on which it begins. */
  readonly day: Day;
}

/** Those terms that a closing's caller said; the others are not among them. */
export type SaidTerms = Partial<
  Pick<ClosingTerms, "useBy" | "title" | "campaign" | "audience" | "verification">
>;

const audience = z.enum(["public", "participants"]);
const askedSchema = z.strictObject({
  useBy: z
    .string()
    .refine((text) => parseDay(text) !== null, "must be a calendar day YYYY-MM-DD")
    .optional(),
  title: z
    .strictObject({
      kind: z.enum(["consent-scope", "programme", "project-owner"]),
      documentHash: word32,
    })
    .optional(),
  campaign: z.strictObject({ id: providerField, documentHash: word32 }).optional(),
  audience: z.strictObject({ leaves: audience, tiles: audience }).optional(),
  verification: z.unknown().optional(),
});

/**
 * What a closing's caller says of the batch, checked before anything is written.
 * @throws UsageError `close.terms`, `close.use-by`, `close.title-kind`, `close.audience`,
 * `close.verification`; InputError `verification.malformed`
 */
export function readAskedTerms(asked: AskedTerms, closing: AskedClosing): SaidTerms {
  const { useBy, title, campaign, audience: to, verification } = parsed(asked);
  return {
    ...(useBy !== undefined && { useBy: checkedUseBy(parseDay(useBy) as Day, closing) }),
    ...(title && { title: checkedTitle(title, closing.category) }),
    ...(campaign && { campaign }),
    ...(to && { audience: checkedAudience(to) }),
    ...(verification !== undefined && { verification: checkedVerification(verification, closing) }),
  };
}

function parsed(asked: AskedTerms): z.output<typeof askedSchema> {
  try {
    return decodeWith(askedSchema, asked, "close.terms", "closing's request");
  } catch (cause) {
    throw new UsageError("close.terms", (cause as Error).message, { cause });
  }
}

/** As a manifest must have it, and with a day on which the batch can still be retired. */
function checkedUseBy(useBy: Day, { vintage, day }: AskedClosing): Day {
  const earliest = Math.max(firstDayOf(vintage + 1) - 1, day);
  if (useBy >= earliest && useBy < firstDayOf(LAST_YEAR + 1)) return useBy;
  throw new UsageError(
    "close.use-by",
    `A batch of vintage ${String(vintage)} that is closed on ${dayText(day)} can't be used by ` +
      `${dayText(useBy)}: the last day on which it may be retired lies neither before the vintage's last ` +
      `day nor before its closing. Give ${dayText(earliest)} or a later one, at most of the year 9999.`,
  );
}

function checkedTitle(
  title: NonNullable<z.output<typeof askedSchema>["title"]>,
  category: ClosingCategory,
): NonNullable<ClosingTerms["title"]> {
  if (category === "project")
    throw new UsageError(
      "close.title-kind",
      "The title of a batch of projects is their owners' document, which each project names. Leave the " +
        "title out.",
    );
  if (title.kind === "project-owner")
    throw new UsageError(
      "close.title-kind",
      "A batch of acts is not pooled by a title of kind project-owner. Give consent-scope or programme.",
    );
  return title;
}

/** A manifest must not promise what its archive doesn't do. */
function checkedAudience(to: ClosingTerms["audience"]): ClosingTerms["audience"] {
  const held = (["leaves", "tiles"] as const).find((files) => to[files] !== "public");
  if (held === undefined) return to;
  throw new UsageError(
    "close.audience",
    `The audience ${to[held]} of ${held} can't be kept yet: an archive is written whole, and whoever gets ` +
      "it gets all files of it. Give public, or leave the audience out.",
  );
}

function checkedVerification(
  json: unknown,
  { operator, region, vintage, category, day }: AskedClosing,
): ClosingTerms["verification"] {
  const statement = parseVerification(json);
  const { level, opinion } = statement;
  const batch = { operator, region, vintage, category, closedOn: dayText(day) };
  const fault = verificationFault(statement, batch);
  if (fault === null) return { statementHash: verificationHash(statement), level, opinion };
  throw new UsageError(
    "close.verification",
    `The statement of ${statement.body} ${fault}. Nothing was closed. Give the body's statement of this ` +
      "region, vintage and category.",
  );
}
