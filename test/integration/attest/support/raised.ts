import type { Methodology } from "../../../../src/base/types/methodology.ts";
import { methodologyIdOf } from "../../../../src/format/batch/methodology.ts";

/** The same methodologies with a factor that is a little higher, in the order of their new ids. */
export function raised(methodologies: readonly Methodology[]): Methodology[] {
  return methodologies
    .map((methodology) => ({ ...methodology, gramsPerUnit: "99.9" }))
    .toSorted((a, b) => (methodologyIdOf(a) < methodologyIdOf(b) ? -1 : 1));
}
