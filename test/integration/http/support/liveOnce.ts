import { expect } from "vitest";
import { ROLES } from "../../../../src/app/apiKeys/roles.ts";
import { toHex, utf8 } from "../../../../src/base/lib/bytes.ts";
import { publicKeyOf } from "../../../../src/format/ed25519.ts";
import { shippedProfileText } from "../../../../src/stages/ingest/profile/shippedProfiles.ts";
import { ndjson, NDJSON } from "./rows.ts";
import type { ServiceBench } from "./service.ts";
import { readUpload, tusOf } from "./tus.ts";

/** What one tenant has once a gram has gone all the way, by the HTTP service alone. */
export interface TenantLife {
  readonly tenant: string;
  readonly token: string;
  /**
   * A real id for each path parameter, by the parameter's name, or by `operationId.name` where one name means
   * two things.
   */
  readonly ids: Readonly<Record<string, string>>;
  /** Texts that only this tenant may ever see, and that no request of another one repeats. */
  readonly marks: readonly string[];
}

/** Ingests, uploads, closes, mints and retires as a tenant; puts a profile and a lookup file. */
export async function liveOnce(bench: ServiceBench, tenant: string): Promise<TenantLife> {
  const token = await bench.token(tenant, ROLES);
  const provider = `${tenant}-metro`;
  await bench.json("postActivities", 200, {
    token,
    query: { profile: "canonical-ndjson", provider, name: `${tenant} rides` },
    body: ndjson(40, tenant),
    headers: { "content-type": NDJSON },
  });
  const profileName = `${tenant}-profile`;
  const yaml = shippedProfileText("canonical-ndjson")
    .replace("name: canonical-ndjson", `name: ${profileName}`)
    .replace(/^description: .*$/m, `description: The secret layout of ${tenant}.`);
  await bench.json("putProfile", 200, {
    token,
    params: { name: profileName },
    body: yaml,
    headers: { "content-type": "application/yaml" },
  });
  const lookup = `${tenant} stations.csv`;
  await bench.json("putLookupFile", 200, {
    token,
    params: { name: lookup },
    body: "station,lng,lat\n",
    headers: { "content-type": "text/csv" },
  });

  const operation = async (
    operationId: string,
    called: { params?: Record<string, string>; json: unknown },
  ): Promise<[string, unknown]> => {
    const begun = await bench.json<{ operationId: string }>(operationId, 202, { token, ...called });
    const { state, result, problem } = await bench.ended(token, begun.operationId);
    expect({ state, problem }).toEqual({ state: "done", problem: null });
    return [begun.operationId, result];
  };
  const [closing, batch] = (await operation("closeBatch", { json: { region: "WUHAN", vintage: 2025 } })) as [
    string,
    { batchId: string; root: string },
  ];
  await operation("mintBatch", { params: { batch: batch.batchId }, json: {} });
  const beneficiary = `Beneficiary of ${tenant} only`;
  const [, retired] = (await operation("retire", {
    json: {
      milligrams: "5000000",
      purpose: "event-neutrality",
      beneficiary: { name: beneficiary },
      use: `travel of ${tenant}`,
    },
  })) as [string, { retirementId: string; serials: string[] }];
  const record = await bench.json<{ activityKey: string }>("getRecord", 200, {
    token,
    params: { provider, recordId: `${tenant}-0` },
  });
  const upload = await uploadOnce(bench, token, tenant);
  const { webhookId } = await bench.json<{ webhookId: string }>("createWebhook", 201, {
    token,
    json: { url: `https://example.org/${tenant}` },
  });
  const { deliveryId } = await bench.json<{ deliveryId: string }>("testWebhook", 202, {
    token,
    params: { webhook: webhookId },
  });
  const signing = await bench.json<{ keyId: string }>("addProviderKey", 201, {
    token,
    params: { provider: `${tenant}-signer` },
    json: { publicKey: toHex(publicKeyOf(utf8(tenant.padEnd(32, "-")))) },
  });
  const { keys } = await bench.json<{ keys: { keyId: string }[] }>("listApiKeys", 200, { token });
  return {
    tenant,
    token,
    ids: {
      name: profileName,
      "putLookupFile.name": lookup,
      "deleteLookupFile.name": lookup,
      provider,
      recordId: `${tenant}-0`,
      upload,
      batch: batch.batchId,
      key: record.activityKey,
      "revokeApiKey.key": keys[0]?.keyId ?? "",
      "revokeProviderKey.provider": `${tenant}-signer`,
      "revokeProviderKey.key": signing.keyId,
      webhook: webhookId,
      delivery: deliveryId,
      batchId: batch.batchId,
      path: "manifest.json",
      retirement: retired.retirementId,
      operation: closing,
      methodology: "WUHAN-METRO",
    },
    marks: [
      beneficiary,
      `The secret layout of ${tenant}.`,
      `travel of ${tenant}`,
      batch.root.slice(2),
      `${tenant} file.ndjson`,
      `key of ${tenant}`,
      `https://example.org/${tenant}`,
      signing.keyId,
    ],
  };
}

async function uploadOnce(bench: ServiceBench, token: string, tenant: string): Promise<string> {
  const body = ndjson(3, `${tenant}-upload`);
  const tus = tusOf(bench, token);
  const metadata = {
    filename: `${tenant} file.ndjson`,
    profile: "canonical-ndjson",
    provider: `${tenant}-metro`,
  };
  const begun = await tus.begin(body.length, metadata);
  expect(begun.status, begun.bytes.toString("utf8")).toBe(201);
  const path = begun.headers.location ?? "";
  expect((await tus.patch(path, 0, body)).status).toBe(204);
  const upload = path.split("/").at(-1) ?? "";
  expect(await readUpload(bench, token, upload)).toMatchObject({ state: "done", report: { accepted: 3 } });
  return upload;
}
