import type { FieldRef } from "../schema/fieldSchema.ts";
import type { Bind } from "./columns.ts";
import type { Profile } from "../schema/profileSchema.ts";
import { PRINTABLE_ASCII } from "../../../base/lib/textPatterns.ts";

/**
 * Turns a number as the file spells it into plain digits with a point; a text that is none comes out as one
 * that no reader takes.
 */
export type PlainNumber = (text: string) => string;

const NO_NUMBER = "?";

/**
 * The spelling of a file's numbers. Full-width digits and the spaces of typography are read as their plain
 * forms. A mark between thousands counts only where it stands between thousands (or, as in India, hundreds):
 * `1.234,5` is 1234.5 and `1.5` no number where the comma is decimal and the point groups.
 */
export function plainNumber({ decimal, group }: NonNullable<Profile["numbers"]>): PlainNumber {
  const mark = (character: string): string => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
  const fraction = `(?:${mark(decimal)}([0-9]*))?`;
  const plain = new RegExp(`^([+-]?[0-9]*)${fraction}((?:[eE][+-]?[0-9]{1,2})?)$`, "u");
  const grouped =
    group === null
      ? null
      : new RegExp(
          `^([+-]?[0-9]{1,3}(?:${mark(group)}[0-9]{2,3})*${mark(group)}[0-9]{3})${fraction}()$`,
          "u",
        );
  return (given) => {
    const text = PRINTABLE_ASCII.test(given)
      ? given
      : given.normalize("NFKC").replaceAll("\u2212", "-").replaceAll("\u2019", "'");
    const match = plain.exec(text) ?? grouped?.exec(text);
    if (!match) return NO_NUMBER;
    const [, whole = "", digits, exponent = ""] = match;
    const joined = group === null ? whole : whole.replaceAll(group, "");
    return digits === undefined ? joined + exponent : `${joined}.${digits}${exponent}`;
  };
}

/**
 * Binds references to numbers: columns of the file are read in its spelling, fields of joins are plain. Empty
 * stays empty.
 */
export function numberBind({ numbers }: Pick<Profile, "numbers">, bind: Bind): Bind {
  if (!numbers) return bind;
  const plain = plainNumber(numbers);
  return (ref: FieldRef) => {
    const reader = bind(ref);
    if (typeof ref === "object") return reader;
    return {
      label: reader.label,
      read(row) {
        const text = reader.read(row);
        return typeof text !== "string" || text === "" ? text : plain(text);
      },
    };
  };
}
