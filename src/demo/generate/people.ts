/** So many rows of all files come on one person of the generated city. */
const ROWS_PER_PERSON = 3.5;
/** Identifiers have eight free digits. */
const IDENTIFIERS = 100_000_000;
/**
 * Has no factor in common with 10^8, so that it spreads person numbers over all identifiers without meeting
 * one twice.
 */
const SPREAD = 61_803_399;

/**
 * The inhabitants of a generated city. Persons are numbers from 0; some providers know only a part of them.
 */
export interface People {
  readonly count: number;
  /**
   * Eleven digits like a Chinese mobile number, which none can be: no number and no country code begins with
   * 000.
   */
  identifierOf(person: number): string;
}

/** `rows`: rows of all files together. `offset`: any whole number; shifts all identifiers. */
export function peopleOf(rows: number, offset: number): People {
  return {
    count: Math.ceil(rows / ROWS_PER_PERSON),
    identifierOf: (person) => `000${String((person * SPREAD + offset) % IDENTIFIERS).padStart(8, "0")}`,
  };
}

/**
 * Who acts in each row of a file. Each person has at most two rows of one file, half a day's starts apart: so
 * nobody ever has two acts of one scenario in one minute, unless the second is planted. `phase` (0 to 1)
 * shifts the order of persons between files, which keeps one person's acts of different scenarios an hour or
 * more apart.
 */
export function personOfRow(row: number, rows: number, people: number, phase: number): number {
  const turns = Math.ceil(rows / 2);
  const turn = row % turns;
  return (Math.floor((turn * people) / turns) + Math.floor(phase * people)) % people;
}
