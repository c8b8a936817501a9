import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import type { OutboxEntry, OutboxStore } from "../../../../src/stages/outbox/ports.ts";

/**
 * An outbox in one JSON file, replaced whole at each change: what a database would hold after a kill at any
 * point.
 */
export function fileOutbox(path: string): OutboxStore & { all(): OutboxEntry[] } {
  const load = (): OutboxEntry[] => {
    if (!existsSync(path)) return [];
    const rows = JSON.parse(readFileSync(path, "utf8")) as (Omit<OutboxEntry, "blockNumber"> & {
      blockNumber: string | null;
    })[];
    return rows.map((row) => ({
      ...row,
      blockNumber: row.blockNumber === null ? null : BigInt(row.blockNumber),
    }));
  };
  const save = (entries: OutboxEntry[]): void => {
    const fresh = `${path}.new`;
    writeFileSync(
      fresh,
      JSON.stringify(entries, (_, value: unknown) => (typeof value === "bigint" ? value.toString() : value)),
    );
    renameSync(fresh, path);
  };
  const change = (keys: readonly string[], fields: Partial<OutboxEntry>): void => {
    save(load().map((entry) => (keys.includes(entry.key) ? { ...entry, ...fields } : entry)));
  };
  return {
    all: load,
    enqueue: async ({ key, kind, from, to, data }) => {
      const entries = load();
      if (entries.some((entry) => entry.key === key)) return;
      const empty = {
        nonce: null,
        raw: null,
        txHash: null,
        blockNumber: null,
        blockHash: null,
        failure: null,
      };
      save([...entries, { key, kind, from, to, data, ...empty, sequence: entries.length, state: "queued" }]);
    },
    find: async (key) => load().find((entry) => entry.key === key) ?? null,
    unfinished: async () => load().filter(({ state }) => state !== "final" && state !== "failed"),
    highestNonce: async (from) =>
      load().reduce<number | null>(
        (highest, entry) =>
          entry.from === from && entry.nonce !== null && entry.nonce > (highest ?? -1)
            ? entry.nonce
            : highest,
        null,
      ),
    markSigned: async (key, signed) =>
      change([key], { ...signed, state: "signed", blockNumber: null, blockHash: null }),
    markMined: async (key, { number, hash }) =>
      change([key], { state: "mined", blockNumber: number, blockHash: hash }),
    markFinal: async (key) => change([key], { state: "final" }),
    markFailed: async (key, failure) => change([key], { state: "failed", failure }),
    finalNewestFirst: async (limit) =>
      load()
        .filter(({ state }) => state === "final")
        .toReversed()
        .slice(0, limit),
    demote: async (keys) => change(keys, { state: "signed", blockNumber: null, blockHash: null }),
  };
}
