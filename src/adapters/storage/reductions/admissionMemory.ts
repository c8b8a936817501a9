import { MIB } from "../../../base/lib/sizes.ts";
import type { TenantId } from "../../../base/types/ids.ts";
import type { Database } from "../engine/database.ts";
import type { RecordTags } from "../records/recordKeys.ts";
import { KeyFilter } from "./keyFilter.ts";
import { SubjectDayMemory } from "./days/subjectDayMemory.ts";

/** A record's hash among others. */
interface HashedPlace {
  readonly tags: RecordTags;
  readonly place: number;
}

const MAX_TENANTS = 16;
/**
 * For all tenants together: one that ingests much has up to 43 MB, records by the filter, subjects and acts.
 * With more, a process that serves many tenants would take more than an ingest may.
 */
const MAX_BYTES = 64 * MIB;
const MAX_INGESTS = 64;

/**
 * What this process remembers of a tenant's admissions, so that less is looked up. It decides nothing: what
 * is known of subjects' days is held against the database each time, and where a record that was not looked
 * up is stored, the unique index refuses it.
 */
export class AdmissionMemory {
  readonly days = new SubjectDayMemory();
  #records = new KeyFilter();
  readonly #surprised = new Map<string, boolean>();

  /** Of memory. */
  get bytes(): number {
    return this.days.bytes + this.#records.bytes;
  }

  /** Whether a record of this hash may have come through here. */
  mayHold({ tags, place }: HashedPlace): boolean {
    return this.#records.has(tags.word(place, 0), tags.word(place, 1));
  }

  /**
   * Whether the last chunk of an ingest had duplicates that nobody here foresaw; null where it was another
   * process'.
   */
  wasSurprised(ingestId: string): boolean | null {
    return this.#surprised.get(ingestId) ?? null;
  }

  /** Enters a chunk that was admitted: records that are stored now, and whether it held surprises. */
  learn(ingestId: string, stored: readonly HashedPlace[], surprised: boolean): void {
    if (this.#records.isFull) this.#records = new KeyFilter();
    for (const { tags, place } of stored) this.#records.add(tags.word(place, 0), tags.word(place, 1));
    keepLatest(this.#surprised, ingestId, surprised, MAX_INGESTS);
  }
}

const MEMORIES = new WeakMap<Database, Map<TenantId, AdmissionMemory>>();

/**
 * One for each tenant of an open database; those of tenants that have not come for long are forgotten, and
 * sooner where all together take much.
 */
export function admissionMemory(db: Database, tenant: TenantId): AdmissionMemory {
  let ofTenants = MEMORIES.get(db);
  if (ofTenants === undefined) MEMORIES.set(db, (ofTenants = new Map<TenantId, AdmissionMemory>()));
  const memory = ofTenants.get(tenant) ?? new AdmissionMemory();
  keepLatest(ofTenants, tenant, memory, MAX_TENANTS);
  let bytes = [...ofTenants.values()].reduce((sum, one) => sum + one.bytes, 0);
  for (const [other, { bytes: freed }] of ofTenants) {
    if (bytes <= MAX_BYTES || other === tenant) break;
    ofTenants.delete(other);
    bytes -= freed;
  }
  return memory;
}

/** Puts an entry last and, where there are more than `most`, drops the first. */
function keepLatest<Key, Value>(map: Map<Key, Value>, key: Key, value: Value, most: number): void {
  map.delete(key);
  map.set(key, value);
  if (map.size <= most) return;
  for (const oldest of map.keys()) {
    map.delete(oldest);
    break;
  }
}
