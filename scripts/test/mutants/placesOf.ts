import path from "node:path";

/** Git, the formatter and the linter leave this folder alone. */
const ROOM = ".stryker";

/** Where things of one folder's mutants lie; what is kept from run to run is `results` alone. */
export interface Places {
  readonly config: string;
  readonly drawn: string;
  /** Stryker's own report of every mutant that was ever run, from which it takes what still holds. */
  readonly results: string;
  /** The copy of the project that is broken. */
  readonly copies: string;
  readonly log: string;
}

export function placesOf(folder: string): Places {
  const base = path.join(ROOM, folder.replaceAll("/", "-"));
  return {
    config: `${base}.config.json`,
    drawn: `${base}.drawn.json`,
    results: `${base}.results.json`,
    copies: `${base}.copies`,
    log: `${base}.log`,
  };
}
