import { uniformInt } from "pure-rand/distribution/uniformInt";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";

/**
 * Seeded chance: the same seed and stream give the same draws for ever. Not for anything that must be
 * unpredictable.
 */
export interface Chance {
  /** A whole number from `least` to `most`, both included. */
  between(least: number, most: number): number;
}

/**
 * Stream number `stream` (0, 1, 2, …) of a seed. Streams are 2^64 draws apart, so that one file's rows don't
 * change with another's. `seed` is a 32-bit integer.
 */
export function chanceOf(seed: number, stream: number): Chance {
  const generator = xoroshiro128plus(seed);
  for (let jumps = 0; jumps <= stream; jumps++) generator.jump();
  return { between: (least, most) => uniformInt(generator, least, most) };
}
