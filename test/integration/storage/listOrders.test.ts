/** Lists come in their order, however their rows lie. */
import { beforeAll, describe, expect, it } from "vitest";
import type { Database } from "../../../src/adapters/storage/engine/database.ts";
import { readEvents } from "../../../src/adapters/storage/events/readEvents.ts";
import { findUnfinishedIngests, startIngest } from "../../../src/adapters/storage/ingests/ingests.ts";
import { outboxStore } from "../../../src/adapters/storage/outbox/outbox.ts";
import { listProjectDecisions } from "../../../src/adapters/storage/projects/listProjectDecisions.ts";
import { listProjects } from "../../../src/adapters/storage/projects/listProjects.ts";
import { listLookupFiles, saveLookupFile } from "../../../src/adapters/storage/providers/lookupFiles.ts";
import { listProfiles, saveProfile } from "../../../src/adapters/storage/providers/profiles.ts";
import { insertProviderKey, providerKeys } from "../../../src/adapters/storage/providers/providerKeys.ts";
import { findSignedFile, saveSignedFile } from "../../../src/adapters/storage/providers/signedFiles.ts";
import { listDecisions } from "../../../src/adapters/storage/rules/listDecisions.ts";
import { listRules } from "../../../src/adapters/storage/rules/listRules.ts";
import { stepRule } from "../../../src/adapters/storage/rules/stepRule.ts";
import { listApiKeys, saveApiKey } from "../../../src/adapters/storage/service/apiKeys.ts";
import { ensureTenant } from "../../../src/adapters/storage/service/ensureTenant.ts";
import { listTenants } from "../../../src/adapters/storage/service/listTenants.ts";
import {
  completeUpload,
  listUploads,
  saveUpload,
  uploadsInState,
} from "../../../src/adapters/storage/service/uploads.ts";
import { insertDelivery, listDeliveries } from "../../../src/adapters/storage/webhooks/deliveries.ts";
import { insertEndpoint, listEndpoints } from "../../../src/adapters/storage/webhooks/endpoints.ts";
import { endpointsBehind } from "../../../src/adapters/storage/webhooks/fanOut.ts";
import { toHex } from "../../../src/base/lib/bytes.ts";
import { providerId, tenantId } from "../../../src/base/lib/ids.ts";
import type { BatchId, TenantId } from "../../../src/base/types/ids.ts";
import type { Methodology } from "../../../src/base/types/methodology.ts";
import type { UnixSeconds } from "../../../src/base/types/quantities.ts";
import { shippedMethodologies } from "../../../src/stages/quantify/shippedMethodologies.ts";
import { methodologyContent } from "../../../src/stages/rules/methodologyContent.ts";
import { recordEvent } from "../../../src/adapters/storage/events/recordEvent.ts";
import { onEachEngine } from "./support/onEachEngine.ts";
import { ruleSteps } from "./support/ruleSteps.ts";
import { admit, hash, MORNING, PROFILE, reduction } from "./support/samples.ts";
import { readAsTheyLie, turnRound } from "./support/turnRound.ts";

const at = (seconds: number): UnixSeconds => (MORNING + seconds) as UnixSeconds;
const BUS = shippedMethodologies().find(({ code }) => code === "WUHAN-BUS") as Methodology;
const EVENT = { type: "batch.committed", data: { batchId: toHex(hash("batch")) as BatchId } } as const;

/** A list: its table, what is put into it, in this order, and what it reads as, in its own order. */
interface Listed {
  readonly table: string;
  readonly fill: (db: Database, tenant: TenantId) => Promise<unknown>;
  readonly list: (db: Database, tenant: TenantId) => Promise<readonly unknown[]>;
  readonly order: readonly unknown[];
}
const each = async <Item>(items: readonly Item[], put: (item: Item, index: number) => Promise<unknown>) => {
  for (const [index, item] of items.entries()) await put(item, index);
};
const names = <Row, Key extends keyof Row>(rows: readonly Row[], key: Key): Row[Key][] =>
  rows.map((row) => row[key]);
const intent = (key: string) => ({ key, kind: "commit", from: "0x" + "0a".repeat(20), to: null, data: "0x" });

const LISTS: Readonly<Record<string, Listed>> = {
  "keys to the service, oldest first, then by id": {
    table: "api_keys",
    fill: (db, tenant) =>
      each(["c", "b", "d", "a"], (name, index) =>
        saveApiKey(db, {
          tenant,
          keyId: `${tenant}-${name}`,
          secretHash: hash(name),
          label: name,
          roles: ["read"],
          createdAt: at(index === 3 ? 0 : 10 - index),
          expiresAt: null,
          revokedAt: null,
        }),
      ),
    list: async (db, tenant) => names(await listApiKeys(db, tenant), "label"),
    order: ["a", "d", "b", "c"],
  },
  "profiles, by name": {
    table: "profiles",
    fill: (db, tenant) =>
      each(["b", "c", "a"], (name) => saveProfile(db, tenant, { name, yaml: "x" }, at(0))),
    list: async (db, tenant) => names(await listProfiles(db, tenant), "name"),
    order: ["a", "b", "c"],
  },
  "lookup files, by name": {
    table: "lookup_files",
    fill: (db, tenant) =>
      each(["b", "c", "a"], (name) => saveLookupFile(db, tenant, name, hash(name), at(0))),
    list: async (db, tenant) => names(await listLookupFiles(db, tenant), "name"),
    order: ["a", "b", "c"],
  },
  "providers' keys, by provider, beginning and key": {
    table: "provider_keys",
    fill: (db, tenant) =>
      each(["metro 2 a", "bus 3 b", "metro 1 c", "bus 3 a"], (text) => {
        const [provider = "", from, key = ""] = text.split(" ");
        const entry = {
          provider: providerId(provider),
          publicKey: new Uint8Array(32).fill(key.charCodeAt(0)),
          validFrom: at(Number(from)),
          validTo: null,
          required: false,
        };
        return insertProviderKey(db, tenant, entry, at(0), () => undefined);
      }),
    list: async (db, tenant) =>
      (await providerKeys(db, tenant, null)).map(
        ({ provider, validFrom, publicKey }) =>
          `${provider} ${String(validFrom - MORNING)} ${String.fromCharCode(publicKey[0] as number)}`,
      ),
    order: ["bus 3 a", "bus 3 b", "metro 1 c", "metro 2 a"],
  },
  "bundles of a signed file, by number": {
    table: "signed_file_bundles",
    fill: (db, tenant) => {
      const file = {
        file: hash(tenant),
        provider: providerId("metro"),
        publicKey: hash("key"),
        profileHash: hash("profile"),
        saltHash: hash("salt"),
        records: 3,
        root: hash("root"),
        signedAt: at(0),
        signature: new Uint8Array(64),
      };
      return saveSignedFile(db, tenant, file, async function* () {
        for (const name of ["z", "a", "m"]) {
          await Promise.resolve();
          yield { root: new Uint8Array(32).fill(name.charCodeAt(0)), digests: hash(name) };
        }
      });
    },
    list: async (db, tenant) =>
      ((await findSignedFile(db, tenant, hash(tenant)))?.bundleRoots ?? []).map(([first]) =>
        String.fromCharCode(first as number),
      ),
    order: ["z", "a", "m"],
  },
  "uploads, newest first": {
    table: "uploads",
    fill: (db, tenant) =>
      each(["b", "c", "a"], (uploadId) =>
        saveUpload(db, tenant, { uploadId, request: "{}", size: 1, createdAt: at(0) }),
      ),
    list: async (db, tenant) => [
      ...names(await listUploads(db, tenant, 9), "uploadId"),
      ...names(await listUploads(db, tenant, 1), "uploadId"),
    ],
    order: ["a", "c", "b", "a"],
  },
  "uploads that wait, in the order in which they began": {
    table: "uploads",
    fill: (db, tenant) =>
      each(["b", "c", "a"], async (uploadId) => {
        await saveUpload(db, tenant, { uploadId, request: "{}", size: 1, createdAt: at(0) });
        await completeUpload(db, tenant, uploadId);
      }),
    list: async (db, tenant) =>
      names(
        (await uploadsInState(db, "queued")).filter((upload) => upload.tenant === tenant),
        "uploadId",
      ),
    order: ["b", "c", "a"],
  },
  "events, by number": {
    table: "events",
    fill: (db, tenant) => each([1, 2, 3], () => recordEvent(db, tenant, EVENT)),
    list: async (db, tenant) => [
      ...names(await readEvents(db, tenant, { after: 0n, limit: 9 }), "sequence"),
      ...names(await readEvents(db, tenant, { after: 1n, limit: 1 }), "sequence"),
    ],
    order: [1n, 2n, 3n, 2n],
  },
  "endpoints of webhooks, oldest first, then by id": {
    table: "webhook_endpoints",
    fill: (db, tenant) => each(["c", "b", "d", "a"], (name, index) => insertNamed(db, tenant, name, index)),
    list: async (db, tenant) => names(await listEndpoints(db, tenant), "endpointId"),
    order: ["a", "d", "b", "c"],
  },
  "endpoints that events wait for, by tenant and id": {
    table: "webhook_endpoints",
    fill: async (db, tenant) => {
      const beside = tenantId(`${tenant}-beside`);
      await ensureTenant(db, beside);
      await each(["c", "a", "b"], (name, index) =>
        insertNamed(db, name === "a" ? beside : tenant, name, index),
      );
      for (const one of [tenant, beside]) await recordEvent(db, one, EVENT);
    },
    list: async (db, tenant) =>
      names(
        (await endpointsBehind(db)).filter((behind) => [tenant, `${tenant}-beside`].includes(behind.tenant)),
        "endpointId",
      ),
    order: ["b", "c", "a"],
  },
  "deliveries, newest first": {
    table: "webhook_deliveries",
    fill: async (db, tenant) => {
      await insertNamed(db, tenant, "e", 0);
      await each(["b", "c", "a"], (deliveryId) =>
        insertDelivery(
          db,
          tenant,
          { deliveryId, endpointId: "e", sequence: null, type: "test", body: "{}" },
          at(0),
          () => Promise.resolve(),
        ),
      );
    },
    list: async (db, tenant) => [
      ...names(await listDeliveries(db, tenant, "e", { limit: 9 }), "deliveryId"),
      ...names(await listDeliveries(db, tenant, "e", { limit: 1 }), "deliveryId"),
    ],
    order: ["a", "c", "b", "a"],
  },
  "intents that are not final, in the order in which they came": {
    table: "outbox",
    fill: (db, tenant) =>
      each(["b", "c", "a"], (key) => outboxStore(db, tenant).enqueue(intent(key) as never)),
    list: async (db, tenant) => names(await outboxStore(db, tenant).unfinished(), "key"),
    order: ["b", "c", "a"],
  },
  "final intents, newest first": {
    table: "outbox",
    fill: (db, tenant) =>
      each(["b", "c", "a"], async (key) => {
        await outboxStore(db, tenant).enqueue(intent(key) as never);
        await outboxStore(db, tenant).markFinal(key);
      }),
    list: async (db, tenant) => [
      ...names(await outboxStore(db, tenant).finalNewestFirst(9), "key"),
      ...names(await outboxStore(db, tenant).finalNewestFirst(1), "key"),
    ],
    order: ["a", "c", "b", "a"],
  },
  "ingests that were cut off, newest first": {
    table: "ingests",
    fill: (db, tenant) =>
      each(["b", "c", "a"], (sourceName) =>
        startIngest(db, tenant, { profileHash: PROFILE, sourceName, startedAt: at(0) }),
      ),
    list: async (db, tenant) => names(await findUnfinishedIngests(db, tenant, PROFILE), "sourceName"),
    order: ["a", "c", "b"],
  },
  "chunks of an ingest that was cut off, by number": {
    table: "ingest_chunks",
    fill: async (db, tenant) => {
      await admit(db, tenant, [reduction({ id: "a" })]);
      await db.query(
        `INSERT INTO ingest_chunks SELECT (c).* FROM (SELECT jsonb_populate_record(t, jsonb_build_object(
           'chunk', n)) AS c FROM ingest_chunks t, unnest('{3,1,2}'::integer[]) n WHERE t.tenant = $1) x`,
        [tenant],
      );
    },
    list: async (db, tenant) => {
      const [ingest] = await findUnfinishedIngests(db, tenant, PROFILE);
      return names(ingest?.chunks ?? [], "chunk");
    },
    order: [0, 1, 2, 3],
  },
  "rules, by kind, name, region and version": {
    table: "rules",
    fill: (db, tenant) =>
      each(
        ["scenario-classes A R1 1", "methodology B R1 1", "methodology A R2 1", "methodology A R1 2"].concat(
          "methodology A R1 1",
        ),
        (rule) =>
          db.query(
            `INSERT INTO rules (kind, id, json, region, name, version, valid_from, state, tenant, proposed_by)
             VALUES ($1, $2, '{}', $4, $3, $5, 0, 'proposed', $6, $7)`,
            [rule.split(" ")[0] ?? "", hash(rule), ...rule.split(" ").slice(1), tenant, new Uint8Array(20)],
          ),
      ),
    list: async (db, tenant) =>
      (await listRules(db, tenant)).flatMap(({ kind, name, region, version, state }) =>
        state === "proposed" ? [[kind, name, region, version].join(" ")] : [],
      ),
    order: [
      "methodology A R1 1",
      "methodology A R1 2",
      "methodology A R2 1",
      "methodology B R1 1",
      "scenario-classes A R1 1",
    ],
  },
  "decisions about rules, oldest first": {
    table: "rule_decisions",
    fill: (db, tenant) => each(["b", "c", "a"], (version) => propose(db, tenant, version)),
    list: async (db, tenant) => {
      const own = (await listDecisions(db)).filter((row) => row.tenant === tenant);
      return own.map(({ decision }) => decision.sequence - (own[0]?.decision.sequence ?? 0));
    },
    order: [0, 1, 2],
  },
  "projects, by id": {
    table: "projects",
    fill: (db, tenant) =>
      each(["b", "c", "a"], (project) =>
        db.query(
          `INSERT INTO projects (tenant, project, json, region, state, proposed_by)
           VALUES ($1, $2, $3, 'WUHAN', 'proposed', $4)`,
          [tenant, project, JSON.stringify({ id: project }), new Uint8Array(20)],
        ),
      ),
    list: async (db, tenant) =>
      names(await listProjects(db, tenant, (value) => value as never), "id" as never),
    order: ["a", "b", "c"],
  },
};

function propose(db: Database, tenant: TenantId, version: string) {
  const content = methodologyContent({ ...BUS, version: `${tenant}-${version}` });
  return stepRule(db, tenant, content, { what: "propose", by: `0x${"0a".repeat(20)}`, at: at(0) }, ruleSteps);
}

async function insertNamed(db: Database, tenant: TenantId, name: string, index: number): Promise<void> {
  const endpoint = {
    endpointId: name,
    url: "https://receiver.example/",
    eventTypes: null,
    sealedSecret: hash(name),
    createdAt: at(index === 3 ? 0 : 10 - index),
  };
  await insertEndpoint(
    db,
    tenant,
    index === 2 ? { ...endpoint, createdAt: at(0) } : endpoint,
    () => undefined,
  );
}

describe("lists", () => {
  onEachEngine((bench) => {
    beforeAll(() => readAsTheyLie(bench.db()));

    it.each(Object.entries(LISTS))("%s", async (_, { table, fill, list, order }) => {
      const [db, tenant] = [bench.db(), await bench.tenant()];
      await fill(db, tenant);
      expect(await list(db, tenant)).toEqual(order);
      await turnRound(db, table);
      expect(await list(db, tenant)).toEqual(order);
    });

    it("of tenants are by id", async () => {
      const db = bench.db();
      for (const name of ["zz", "aa", "mm"]) await ensureTenant(db, tenantId(name));
      const tenants = await listTenants(db);
      expect(tenants).toEqual(tenants.toSorted());
      await turnRound(db, "tenants");
      expect(await listTenants(db)).toEqual(tenants);
    });

    it("of decisions go on from the last one", async () => {
      const [db, tenant] = [bench.db(), await bench.tenant()];
      for (const version of ["x", "y"]) await propose(db, tenant, version);
      await turnRound(db, "rule_decisions");
      await propose(db, tenant, "z");
      const decisions = await listDecisions(db);
      expect(decisions.map(({ decision }) => decision.sequence)).toEqual(
        decisions.map((_, index) => index + 1),
      );
    });

    it("of decisions about a project are oldest first", async () => {
      const [db, tenant] = [bench.db(), await bench.tenant()];
      await db.query(
        `INSERT INTO projects (tenant, project, json, region, state, proposed_by)
         VALUES ($1, 'p', '{"id":"p"}', 'WUHAN', 'proposed', $2)`,
        [tenant, new Uint8Array(20)],
      );
      for (const sequence of [2, 3, 1])
        await db.query(
          `INSERT INTO project_decisions (tenant, sequence, project, what, by_key, before, after, said, at,
             hash)
           VALUES ($1, $2, 'p', 'propose', $3, NULL, 'proposed', $4, 1, $5)`,
          [tenant, sequence, new Uint8Array(20), `{"n":${String(sequence)}}`, hash("x")],
        );
      for (let turns = 0; turns < 2; turns++) {
        const decisions = await listProjectDecisions(db, tenant);
        expect(decisions.map(({ decision }) => decision.sequence)).toEqual([1, 2, 3]);
        const [project] = await listProjects(db, tenant, (value) => value as never);
        expect(project?.decisions.map(({ said }) => said)).toEqual(['{"n":1}', '{"n":2}', '{"n":3}']);
        await turnRound(db, "project_decisions");
      }
    });
  });
});
