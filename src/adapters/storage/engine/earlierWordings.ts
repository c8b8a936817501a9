/**
 * By number, SHA-256 of what a migration was while version 0.2.0 was made, where it left the same tables as
 * what is shipped: databases that were opened by then go on.
 */
export const EARLIER_WORDINGS: ReadonlyMap<number, readonly string[]> = new Map([
  [
    12,
    [
      "0xc14035447eb8732b5406ac7d282e280a33ad87ca780a347075c5326a4825268c",
      "0x62d676eeb7019da4fdcf1225c7b04416a5243e923be7af3479bfa9dd969ee701",
      "0x506744d90c996a343a69aa0b417a9e4f41fea84f2a3d9a558095bccc8385d963",
    ],
  ],
  [
    13,
    [
      "0xc19aa6e9411c97380f6b7f38a833dba499b6945c50449cecb336146ff57a96fe",
      "0x7a5a5a1de11d282d63ce14fe007e0aebc414aab9f69d7297cb7836fb0971569f",
    ],
  ],
  [14, ["0x9aba3627d8a62b1c5af5d10d5961192918f224c8140200f81cc4fdf8127170ad"]],
  // Its triggers noticed fewer of the changes that are made by hand.
  [15, ["0x75727ac6c70caef003068e4eb0dd29a7902872e7615fbfaa1f845674b3e53d21"]],
]);
