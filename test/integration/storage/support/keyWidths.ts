import { admitReductions } from "../../../../src/adapters/storage/reductions/admitReductions.ts";
import { findRecord } from "../../../../src/adapters/storage/reductions/findRecord.ts";
import type { TenantId } from "../../../../src/base/types/ids.ts";
import type { Reduction } from "../../../../src/base/types/reduction.ts";
import type { Database } from "../../../../src/adapters/storage/engine/database.ts";
import { admit, reduction, type Sample } from "./samples.ts";

/** The verbs of a suite that is run under one width of keys, and its samples. */
export interface KeyWidth {
  readonly keys: string;
  readonly reduction: (sample: Sample) => Reduction;
  readonly admit: typeof admit;
  readonly admitReductions: typeof admitReductions;
  readonly findRecord: typeof findRecord;
}

/** Of the half that is indexed, eight bits are left: strangers meet everywhere. */
function cut<Key extends Uint8Array>(key: Key): Key {
  const bytes = key.slice();
  bytes.fill(0, 1, 16);
  return bytes as Key;
}

const ONE_BYTE = 1;

/** What is decided must not depend on how many keys share what is looked up. */
export const KEY_WIDTHS: readonly KeyWidth[] = [
  { keys: "whole keys", reduction, admit, admitReductions, findRecord },
  {
    keys: "keys cut to 8 bits",
    reduction: (sample) => {
      const whole = reduction(sample);
      return {
        ...whole,
        activityKey: cut(whole.activityKey),
        subjectKey: whole.subjectKey === null ? null : cut(whole.subjectKey),
      };
    },
    admit: (db: Database, tenant: TenantId, reductions, rules) =>
      admit(db, tenant, reductions, rules, ONE_BYTE),
    admitReductions: (db, tenant, reductions, progress, rules, decisions) =>
      admitReductions(db, tenant, reductions, progress, rules, decisions, ONE_BYTE),
    findRecord: (db, tenant, provider, recordId) => findRecord(db, tenant, provider, recordId, ONE_BYTE),
  },
];
