/** Of a normal distribution: 95 % lie within this many standard deviations. */
const Z = 1.959964;

/**
 * Between which shares the true one lies with 95 % confidence, after `hits` of `tries` drawn at random
 * (Wilson 1927). For a draw without putting back it is a little wider than it need be.
 */
export function wilsonInterval(hits: number, tries: number): { readonly low: number; readonly high: number } {
  if (tries === 0) return { low: 0, high: 1 };
  const share = hits / tries;
  const weight = Z ** 2 / tries;
  const middle = share + weight / 2;
  const reach = Z * Math.sqrt((share * (1 - share) + weight / 4) / tries);
  return { low: (middle - reach) / (1 + weight), high: (middle + reach) / (1 + weight) };
}
