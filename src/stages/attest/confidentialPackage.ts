import { InputError } from "../../base/errors/errors.ts";
import { fromHex, toHex, utf8 } from "../../base/lib/bytes.ts";
import type { ConfidentialLeaf } from "../../base/types/confidentialLeaf.ts";
import { milligrams } from "../../base/lib/mass.ts";
import type { SubjectKey } from "../../base/types/ids.ts";
import { canonicalRecords, parseRecords, type RecordSchemaName } from "../../format/batch/record.ts";
import { bytesField } from "../../format/schema.ts";
import { z } from "zod";
import { DIGITS_19, WORD32 } from "../../base/lib/textPatterns.ts";

/**
 * What an operator hands to a verifier, confidentially: newline-delimited JSON, `microtonne-package/1`. Line
 * 1 is the canonical manifest; then one line a leaf, in leaf order: `{"subjectKey": hex | null, "salt": hex,
 * "records": "<canonical JSON array>", "milligrams"?: decimal, "signatures"?: [hex]}`. `milligrams` is what
 * the leaf weighs, where its methodology caps days or years: what other batches used of them does not stand
 * in this one. `signatures` is as `evidenceByRecord` reads it, and left out where no record of the leaf is
 * signed. Records are of the schema that the manifest names.
 */
const word = z.string().regex(WORD32);
const leafLine = z.strictObject({
  subjectKey: word.nullable(),
  salt: word,
  records: z.string(),
  milligrams: z.string().regex(DIGITS_19).exactOptional(),
  signatures: z.array(bytesField()).exactOptional(),
});

/** One line, without its line end. */
export function encodeLeafLine(leaf: ConfidentialLeaf, schema: RecordSchemaName): string {
  return JSON.stringify({
    subjectKey: leaf.subjectKey && toHex(leaf.subjectKey),
    salt: toHex(leaf.salt),
    records: canonicalRecords(leaf.records, schema),
    ...(leaf.cutTo === undefined ? {} : { milligrams: leaf.cutTo.toString() }),
    ...(leaf.signatures?.length ? { signatures: leaf.signatures.map(toHex) } : {}),
  });
}

/**
 * The leaf behind one line. `line` is 1-based in the file, for the error.
 * @throws InputError `package.malformed`; the text itself is confidential and never quoted
 */
export function decodeLeafLine(text: string, line: number, schema: RecordSchemaName): ConfidentialLeaf {
  try {
    const value = leafLine.parse(JSON.parse(text));
    return {
      subjectKey: value.subjectKey === null ? null : (fromHex(value.subjectKey) as SubjectKey),
      salt: fromHex(value.salt),
      records: parseRecords(utf8(value.records), schema),
      ...(value.milligrams === undefined ? {} : { cutTo: milligrams(BigInt(value.milligrams)) }),
      ...(value.signatures ? { signatures: value.signatures } : {}),
    };
  } catch (cause) {
    throw new InputError(
      "package.malformed",
      `Line ${String(line)} of the confidential package is no leaf in the format microtonne-package/1. ` +
        "Ask the operator for the package again.",
      {
        cause,
      },
    );
  }
}
