import { UsageError } from "../../base/errors/errors.ts";

/**
 * The country of a claim where it was not said: the host country of what is taken.
 * @param hosts of the batches that it takes from; null for one of the first format, which names none
 * @param setting the operator's own host country, which stands for batches that name none
 * @throws UsageError `retire.country` where they are several, or none is known
 */
export function claimCountry(hosts: Iterable<string | null>, setting: string | null): string {
  const countries = new Set([...hosts].map((host) => host ?? setting));
  const [only] = countries;
  if (countries.size === 1 && only !== null && only !== undefined) return only;
  const named = [...countries].filter((country) => country !== null).toSorted();
  throw new UsageError(
    "retire.country",
    (named.length > 1
      ? `The amount takes from batches of the host countries ${named.join(" and ")}`
      : "Not every batch that the amount takes from names its host country") +
      ", so nothing says in which country it is claimed.",
    { remedy: { act: "name-claim-country" } },
  );
}
