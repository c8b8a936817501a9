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
    ],
  ],
  [13, ["0xc19aa6e9411c97380f6b7f38a833dba499b6945c50449cecb336146ff57a96fe"]],
  [14, ["0x9aba3627d8a62b1c5af5d10d5961192918f224c8140200f81cc4fdf8127170ad"]],
]);
