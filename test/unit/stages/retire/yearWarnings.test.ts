import { expect, it } from "vitest";
import { yearWarnings } from "../../../../src/stages/retire/yearWarnings.ts";

it("warns of vintages beside the year that is reported, most of those after it", () => {
  expect(yearWarnings(2025, [2025, 2025])).toEqual([]);
  expect(yearWarnings(2024, [2025, 2023, 2025])).toEqual([
    "It would be reported for 2024, and takes from the vintage 2023.",
    "It would be reported for 2024, and takes from the vintage 2025: acts that took place after that year.",
  ]);
});
