import { ascends } from "../../base/lib/ascends.ts";
import { z } from "zod";
import { PURPOSES } from "../../base/types/retirement.ts";
import { LEAF_BYTES } from "../batch/leaf.ts";
import { manifestSchema } from "../batch/manifestSchema.ts";
import { anyRecordSchema, RECORD_SCHEMA } from "../batch/record.ts";
import { hasAdditions } from "../batch/records/additions.ts";
import { disclosureMembers, disclosureSchema } from "../onchain/retirementDisclosure.ts";
import * as field from "../schema.ts";
import { COUNTRY_CODE } from "../../base/lib/textPatterns.ts";

/**
 * Closed schema of `microtonne-proof/1`. Types and meaning: `proofFile.ts`. Caps keep hostile files from
 * exhausting memory.
 */

const MAX_STEPS = 64;
const MAX_ATTESTERS = 1000;
const stepSchema = z.strictObject({ size: field.milligramsField, hash: field.bytesField(32) });
const leafField = field.bytesField(LEAF_BYTES);
/** A leaf with its way to the root. */
export const inclusionMembers = {
  index: field.uint32,
  leaf: leafField,
  steps: z.array(stepSchema).max(MAX_STEPS),
};
const actSchema = z.strictObject({
  ...inclusionMembers,
  disclosed: z
    .strictObject({
      salt: field.bytesField(32),
      records: z.array(anyRecordSchema).min(1).max(10_000),
      signatures: z.array(field.hexBytes),
    })
    .exactOptional(),
});
const rangeSchema = z.strictObject({
  first: field.uint32,
  leaves: z.array(leafField).min(1),
  steps: z.array(stepSchema).max(2 * MAX_STEPS),
});
/** Members of a part, whatever it shows of its batch. */
export const partMembers = {
  batchId: field.batchIdField,
  manifest: manifestSchema,
  ranges: z.array(rangeSchema).exactOptional(),
  strikes: z.array(
    z.strictObject({ index: field.uint32, start: field.milligramsField, end: field.milligramsField }),
  ),
  attesters: z.array(field.address).min(1).max(MAX_ATTESTERS).refine(ascends, "must ascend").exactOptional(),
};
const partSchema = z
  .strictObject({ ...partMembers, acts: z.array(actSchema).min(1).exactOptional() })
  .refine(
    (part) => (part.ranges === undefined) !== (part.acts === undefined),
    "must have either ranges or acts",
  )
  .refine(
    ({ manifest, acts = [] }) =>
      acts.every(({ disclosed }) =>
        (disclosed?.records ?? []).every(
          (record) => hasAdditions(record) === (manifest.schemas.record !== RECORD_SCHEMA),
        ),
      ),
    "must have records of the form that its manifest names",
  );

const lineSchema = z.strictObject({
  batchId: field.batchIdField,
  start: field.milligramsField,
  end: field.milligramsField,
});
const retirementRecordSchema = z.strictObject({
  retirementId: field.retirementIdField,
  holder: field.address,
  beneficiaryHash: field.word32,
  documentHash: field.word32,
  purpose: z.enum(PURPOSES),
  reportingYear: z.int().min(0).max(65_535),
  country: z.string().regex(COUNTRY_CODE, "must be an ISO 3166-1 alpha-2 code"),
  retiredAt: field.unixSecondsField,
  lines: z.array(lineSchema).min(1).max(10_000),
});
const trieNodes = z.array(field.hexBytes).max(MAX_STEPS);
const accountSchema = z.strictObject({
  address: field.address,
  accountProof: trieNodes,
  storage: z
    .array(z.strictObject({ slot: field.word32, value: field.word32, proof: trieNodes }))
    .max(100_000),
});
const blockSchema = z.strictObject({
  header: field.hexBytes,
  headerScheme: z.literal("rlp"),
  accounts: z.array(accountSchema).max(16),
});

const sharedMembers = { chainId: field.decimalInteger, block: blockSchema.exactOptional() };
const retirementWith = <T extends z.ZodType>(disclosed: T) =>
  z.strictObject({ record: retirementRecordSchema, disclosed: z.exactOptional(disclosed) }).exactOptional();
/** Members of a file of the older format beside its format, kind and parts. */
const fileMembers = { ...sharedMembers, retirement: retirementWith(z.strictObject(disclosureMembers)) };
/** The same of `microtonne-proof/2`, whose disclosure may say who recognises the retirement. */
export const newerFileMembers = {
  ...sharedMembers,
  retirement: retirementWith(disclosureSchema),
};
export const MAX_PARTS = 10_000;

const EXPECTED = { act: "acts", retirement: "ranges" } as const;

/** Everything but `fileHash`. */
export const proofContentSchema = z
  .strictObject({
    ...fileMembers,
    format: z.literal("microtonne-proof/1"),
    kind: z.enum(["act", "retirement"]),
    parts: z.array(partSchema).min(1).max(MAX_PARTS),
  })
  .superRefine((file, context) => {
    checkMembers(file, context);
    for (const [i, part] of file.parts.entries()) {
      if (part[EXPECTED[file.kind]] === undefined)
        fault(context, ["parts", i], `must have ${EXPECTED[file.kind]} in a proof of kind ${file.kind}`);
    }
  });

/** What holds between the members of a file of any format. */
export function checkMembers(
  file: {
    readonly kind: "act" | "retirement";
    readonly chainId: string;
    readonly retirement?: unknown;
    readonly parts: readonly {
      readonly batchId: string;
      readonly manifest: { readonly chainId: string };
    }[];
  },
  context: z.RefinementCtx,
): void {
  if ((file.kind === "retirement") !== (file.retirement !== undefined))
    fault(context, ["retirement"], "must be there in proofs of retirements only");
  for (const [i, part] of file.parts.entries()) {
    if (part.manifest.chainId !== file.chainId)
      fault(context, ["parts", i, "manifest", "chainId"], "must be the chain of the file");
    if (i > 0 && part.batchId <= (file.parts[i - 1]?.batchId ?? ""))
      fault(context, ["parts", i, "batchId"], "must ascend");
  }
}

function fault(context: z.RefinementCtx, path: (string | number)[], message: string): void {
  context.addIssue({ code: "custom", path, message });
}
