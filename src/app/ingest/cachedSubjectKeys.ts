import type { SubjectKey } from "../../base/types/ids.ts";
import type { SubjectIdentifier, SubjectKeyService } from "../../stages/dedupe/ports.ts";
import { SubjectKeyTable } from "./subjectKeyTable.ts";

/**
 * A subject key service that asks for a person once, while one file is read: people come again and again in
 * it. Identifiers are kept in memory until the file is read, and the oldest are forgotten before.
 */
export function cachedSubjectKeys(keys: SubjectKeyService): SubjectKeyService {
  let [young, old] = [new SubjectKeyTable(), new SubjectKeyTable()];
  const keep = (name: string, key: SubjectKey): void => {
    if (young.add(name, key)) return;
    [young, old] = [new SubjectKeyTable(), young];
    // What does not fit into an empty one is not kept.
    young.add(name, key);
  };
  return {
    async subjectKeys(identifiers) {
      const missing = new Map<string, SubjectIdentifier>();
      const names = identifiers.map(({ scope, identifier }) => `${scope}\0${identifier}`);
      const known = names.map((name, i) => {
        const key = young.find(name);
        if (key !== null) return key;
        const kept = old.find(name);
        if (kept === null) missing.set(name, identifiers[i] as SubjectIdentifier);
        else keep(name, kept);
        return kept;
      });
      if (missing.size === 0) return known as SubjectKey[];
      const fresh = await keys.subjectKeys([...missing.values()]);
      const found = new Map(Array.from(missing.keys(), (name, i) => [name, fresh[i] as SubjectKey]));
      for (const [name, key] of found) keep(name, key);
      return known.map((key, i) => key ?? (found.get(names[i] as string) as SubjectKey));
    },
  };
}
