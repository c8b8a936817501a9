import { InputError } from "../../base/errors/errors.ts";

/**
 * Parser of an option that is a calendar year from `first` to `last`, both inclusive, in four digits.
 * @param what it is, as a sentence begins: "A vintage"
 * @throws InputError `year.malformed`
 */
export function yearOf(what: string, first: number, last: number): (text: string) => number {
  return (text) => {
    const year = Number(text);
    if (String(year) === text && Number.isInteger(year) && year >= first && year <= last) return year;
    throw new InputError("year.malformed", `${what} is a year such as 2025.`);
  };
}
