import titles from "./named-methodologies.json" with { type: "json" };

/**
 * A methodology that the field names (White Paper on Carbon Inclusion Development 2025), without a factor
 * that we could read: it can be cited, and counts nothing until its region publishes a file.
 */
export interface NamedMethodology {
  readonly region: string;
  /** As its registry writes it; null where none is given. */
  readonly code: string | null;
  /** Null where only the code is given. */
  readonly title: string | null;
}

/** By region, code and title. No dates: the source has none. */
export const NAMED_METHODOLOGIES: readonly NamedMethodology[] = titles;
