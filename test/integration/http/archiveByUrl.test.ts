import { expect, it } from "vitest";
import { closeBatch } from "../../../src/app/batches/closeBatch.ts";
import { regionCode, tenantId } from "../../../src/base/lib/ids.ts";
import { HttpArchive } from "../../../src/verify/httpArchive.ts";
import { proveFromArchive } from "../../../src/verify/proveFromArchive.ts";
import { verifyArchive } from "../../../src/verify/verifyArchive.ts";
import { verifyProof } from "../../../src/verify/verifyProof.ts";
import { ndjson } from "./support/rows.ts";
import { onEachService } from "./support/service.ts";

onEachService((bench) => {
  it("lets whoever may read its archives verify them from afar", async () => {
    const token = await bench.token("afar", ["ingest", "read"]);
    await bench.json("postActivities", 200, {
      token,
      query: { profile: "canonical-ndjson", provider: "afar-metro" },
      headers: { "Content-Type": "application/x-ndjson" },
      body: ndjson(300, "afar"),
    });
    const tenant = await bench.context().forTenant(tenantId("afar"));
    const { batchId } = await closeBatch(tenant, { region: regionCode("WUHAN"), vintage: 2025 });
    await tenant.close();
    const address = `${bench.url()}/v1/archives/${batchId}`;
    const trust = { mode: "root", batches: [{ batchId }] } as const;

    const archive = new HttpArchive(address, { authorization: `Bearer ${token}` });
    const verdict = await verifyArchive(archive, trust);
    expect(verdict.facts.batches[0]).toMatchObject({ batchId, leaves: 300 });
    expect(archive.traffic.requests).toBe(5);

    const again = new HttpArchive(address, { authorization: `Bearer ${token}` });
    expect(await verifyProof(await proveFromArchive(again, { index: 299 }), trust)).toMatchObject({
      ok: true,
    });
    expect(again.traffic.requests).toBe(3);

    for (const authorization of ["Bearer mt_wrong", `Bearer ${await bench.token("other", ["read"])}`]) {
      const refused = verifyArchive(new HttpArchive(address, { authorization }), trust);
      await expect(refused).rejects.toMatchObject({
        code: expect.stringMatching(/^archive\.(?:http|missing)$/) as string,
      });
    }
  });
});
