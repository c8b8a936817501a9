/** What people name: a rule of a folder, or one that ships. */
interface Named {
  readonly state: string;
}

/**
 * Which of those that a name fits it stands for. Of one name with its version several proposals may wait side
 * by side, but one at most is more than a proposal: the name is that one's.
 * @param nameOf a name with its version
 * @returns the one, or why there is none: `nothing` fits, `versions` where more than one version does,
 * `proposals` where only proposals of one name do
 */
export function oneNamed<T extends Named>(
  found: readonly T[],
  nameOf: (one: T) => string,
): T | "nothing" | "versions" | "proposals" {
  const [first] = found;
  if (first === undefined) return "nothing";
  if (found.length === 1) return first;
  if (new Set(found.map((one) => nameOf(one))).size > 1) return "versions";
  return found.find(({ state }) => state !== "proposed") ?? "proposals";
}
