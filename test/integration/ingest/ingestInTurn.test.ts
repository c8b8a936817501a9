import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Context } from "../../../src/app/context.ts";
import { ingestBytes } from "../../../src/app/service/ingestBytes.ts";
import { openService, type OpenService } from "../../../src/app/service/openService.ts";
import { tenantId } from "../../../src/base/lib/ids.ts";
import { utf8 } from "../../../src/base/lib/bytes.ts";
import { newPlace, type Place } from "../../e2e/support/newPlace.ts";

function rows(sender: string, count: number): Uint8Array {
  const row = (n: number) => ({
    recordId: `${sender}-${String(n)}`,
    subject: `${sender}-rider-${String(n)}`,
    scenario: "metro",
    startedAt: "2025-06-01T08:00:00+08:00",
    endedAt: null,
    quantity: "12.4",
    unit: "passenger-km",
  });
  return utf8(Array.from({ length: count }, (_, n) => `${JSON.stringify(row(n))}\n`).join(""));
}

describe("ingests of several tenants", () => {
  let place: Place;
  let root: Context;
  let service: OpenService;
  const send = async (tenant: string, bytes: Uint8Array, signal = new AbortController().signal) =>
    ingestBytes(service, await service.contextOf(tenantId(tenant)), {
      profile: "canonical-ndjson",
      provider: "gates",
      name: "request",
      signature: null,
      bytes,
      signal,
    });

  beforeAll(async () => {
    place = await newPlace(null);
    root = await place.open();
    service = await openService(root, { jobs: false, forgetKey: () => undefined });
  });
  afterAll(async () => {
    await service.stop();
    await root.close();
    await place.remove();
  });

  it("go on side by side: few rows are answered while many are still being read", async () => {
    const order: string[] = [];
    const flood = [1, 2, 3].map((n) =>
      send("loud", rows(`loud-${String(n)}`, 2_000)).then(({ accepted }) =>
        order.push(`loud ${String(accepted)}`),
      ),
    );
    await send("quiet", rows("quiet", 10)).then(({ accepted }) => order.push(`quiet ${String(accepted)}`));
    await Promise.all(flood);
    expect(order).toEqual(["quiet 10", "loud 2000", "loud 2000", "loud 2000"]);
  });

  it("answer the rows in the order of the file, in however many pieces they are read", async () => {
    const { rows: results, accepted } = await send("pieces", rows("pieces", 1_300));
    expect(accepted).toBe(1_300);
    expect(results.map(({ row, recordId }) => [row, recordId])).toEqual(
      Array.from({ length: 1_300 }, (_, n) => [n + 1, `pieces-${String(n)}`]),
    );
  });

  it("leave nothing of a request whose client left before its turn", async () => {
    const client = new AbortController();
    const first = send("leaver", rows("first", 1_500));
    const second = send("leaver", rows("second", 10), client.signal);
    client.abort();
    await expect(second).rejects.toMatchObject({ code: "request.gone" });
    expect((await first).accepted).toBe(1_500);
    expect((await send("leaver", rows("second", 10))).accepted).toBe(10);
  });
});
