/** Where a settling process is killed. */
export const KILL_POINTS = [
  "before signing",
  "before markSigned",
  "after markSigned",
  "before asking for the receipt",
  "before sending",
  "after sending, before the answer",
  "after the receipt",
  "before markMined",
  "after markMined",
  "before onFinal",
  "before markFinal",
  "after markFinal",
] as const;
export type KillPoint = (typeof KILL_POINTS)[number];
