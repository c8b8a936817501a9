import { NAMED_METHODOLOGIES, type NamedMethodology } from "../../stages/rules/namedMethodologies.ts";

export type CatalogueEntry = NamedMethodology & {
  /** Why nothing is counted by it. */
  readonly standing: "not executable without a published factor";
};

/** The named methodologies of the field, which are listed and count nothing. */
export function describeCatalogue(): CatalogueEntry[] {
  return NAMED_METHODOLOGIES.map((named) => ({
    ...named,
    standing: "not executable without a published factor",
  }));
}
