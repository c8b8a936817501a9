import type { SubjectKey } from "../../base/types/ids.ts";
import type { SubjectIdentifier, SubjectKeyService } from "../../stages/dedupe/ports.ts";

/** Of either generation; both together take some 40 MB. */
const MAX_CACHED = 65_536;

/**
 * A subject key service that asks for a person once, while one file is read: people come again and again in
 * it. Identifiers are kept in memory until the file is read, and the oldest are forgotten before.
 */
export function cachedSubjectKeys(keys: SubjectKeyService): SubjectKeyService {
  let [young, old] = [new Map<string, SubjectKey>(), new Map<string, SubjectKey>()];
  const keep = (name: string, key: SubjectKey): void => {
    if (young.size >= MAX_CACHED) [young, old] = [new Map<string, SubjectKey>(), young];
    young.set(name, key);
  };
  return {
    async subjectKeys(identifiers) {
      const found = new Map<string, SubjectKey>();
      const missing = new Map<string, SubjectIdentifier>();
      const names = identifiers.map(({ scope, identifier }) => `${scope}\0${identifier}`);
      for (const [i, name] of names.entries()) {
        const key = young.get(name) ?? old.get(name);
        if (key) found.set(name, key);
        else missing.set(name, identifiers[i] as SubjectIdentifier);
      }
      const fresh = missing.size === 0 ? [] : await keys.subjectKeys([...missing.values()]);
      for (const [i, name] of [...missing.keys()].entries()) found.set(name, fresh[i] as SubjectKey);
      for (const [name, key] of found) if (!young.has(name)) keep(name, key);
      return names.map((name) => found.get(name) as SubjectKey);
    },
  };
}
