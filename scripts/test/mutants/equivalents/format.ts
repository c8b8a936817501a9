import type { Equivalent } from "../equivalent.ts";

const SLOW_WAY = "A leaf that is not plainly right is decoded and judged again, by exact rules.";

export const equivalents: readonly Equivalent[] = [
  {
    file: "src/format/archive/leafCheck.ts",
    code: "day > this.#rules.endDay",
    replacement: "day >= this.#rules.endDay",
    reason: SLOW_WAY,
  },
  {
    file: "src/format/archive/leafCheck.ts",
    code: "day < this.#rules.startDay",
    replacement: "day <= this.#rules.startDay",
    reason: SLOW_WAY,
  },
  {
    file: "src/format/archive/leafCheck.ts",
    code: "day > rule.last",
    replacement: "day >= rule.last",
    reason: SLOW_WAY,
  },
  {
    file: "src/format/archive/leafCheck.ts",
    code: "day < rule.first",
    replacement: "day <= rule.first",
    reason: SLOW_WAY,
  },
  {
    file: "src/format/archive/archiveStream.ts",
    code: "root.length > 0",
    replacement: "root.length >= 0",
    reason: "No nodes are added where there are none: the level that they would go to is there already.",
  },
  {
    file: "src/format/archive/verifyArchive.ts",
    code: "hashed.length > GROUPS_AHEAD",
    replacement: "true",
    reason: "Groups are joined in their order, however many of them are hashed ahead.",
  },
  {
    file: "src/format/batch/methodologies/utcMinute.ts",
    code: "[]",
    replacement: '["Stryker was here"]',
    reason: "Only the second element is read, and neither list has one.",
  },
  {
    file: "src/format/batch/record.ts",
    code: "{\n  return Number.isSafeInteger(value) && value >= 0 && !Object.is(value, -0);\n}",
    replacement: "{}",
    reason: "A record that is not taken for plain is written by the general code, to the same bytes.",
  },
];
