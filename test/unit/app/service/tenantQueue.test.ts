import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { TenantQueue } from "../../../../src/app/service/tenantQueue.ts";
import { yieldToEventLoop } from "../../../../src/base/lib/yieldToEventLoop.ts";
import { tenantId } from "../../../../src/base/lib/ids.ts";

const [loud, quiet] = [tenantId("loud"), tenantId("quiet")];
const TENANTS = [loud, quiet, tenantId("third")];
/** Work by whose it is, how often it lets others have their turn, and whether it fails. */
const works = fc.array(
  fc.record({ tenant: fc.constantFrom(...TENANTS), breaths: fc.nat(3), fails: fc.boolean() }),
  { maxLength: 17 },
);

/** Work that ends when it is told to. */
function held(): { work: () => Promise<void>; end: () => void } {
  let end = (): void => undefined;
  const done = new Promise<void>((resolve) => (end = resolve));
  return { work: () => done, end };
}

describe("the gates of tenants", () => {
  it("do each tenant's work one at a time in the order asked, whatever of it fails", async () => {
    await fc.assert(
      fc.asyncProperty(works, async (asked) => {
        const gates = new TenantQueue();
        const running = new Set<string>();
        const started: number[] = [];
        const outcomes = await Promise.allSettled(
          asked.map(({ tenant, breaths, fails }, index) =>
            gates.run(tenant, async () => {
              expect(running.has(tenant)).toBe(false);
              running.add(tenant);
              started.push(index);
              for (let breath = 0; breath < breaths; breath++) await yieldToEventLoop();
              running.delete(tenant);
              if (fails) throw new Error(`work ${String(index)}`);
            }),
          ),
        );
        expect(outcomes.map(({ status }) => status)).toEqual(
          asked.map(({ fails }) => (fails ? "rejected" : "fulfilled")),
        );
        for (const tenant of TENANTS) {
          const own = started.filter((index) => asked[index]?.tenant === tenant);
          expect(own).toEqual(own.toSorted((a, b) => a - b));
        }
        expect(started).toHaveLength(asked.length);
      }),
    );
  });

  it("hold nobody up for another tenant's work", async () => {
    const gates = new TenantQueue();
    const first = held();
    const flood = [
      gates.run(loud, first.work),
      ...Array.from({ length: 10 }, () => gates.run(loud, () => Promise.resolve())),
    ];
    expect(await gates.run(quiet, () => Promise.resolve("served"))).toBe("served");
    first.end();
    await Promise.all(flood);
  });

  it("refuse what is too much of one tenant, and take it again when some is done", async () => {
    const gates = new TenantQueue();
    const first = held();
    const taken = [
      gates.run(loud, first.work),
      ...Array.from({ length: 16 }, () => gates.run(loud, () => Promise.resolve())),
    ];
    expect(() => gates.checkRoom(loud)).toThrow("Too many of your requests");
    expect(() => gates.checkRoom(quiet)).not.toThrow();
    expect(await gates.run(quiet, () => Promise.resolve("served"))).toBe("served");
    first.end();
    await Promise.all(taken);
    expect(() => gates.checkRoom(loud)).not.toThrow();
  });

  it("leave undone what nobody waits for any more when its turn comes, and go on with the next", async () => {
    const gates = new TenantQueue();
    const first = held();
    const client = new AbortController();
    let done = false;
    const running = gates.run(loud, first.work, client.signal);
    const left = gates.run(loud, () => Promise.resolve(void (done = true)), client.signal);
    const next = gates.run(loud, () => Promise.resolve("next"));
    await yieldToEventLoop();
    client.abort();
    first.end();
    await expect(left).rejects.toMatchObject({ code: "request.gone" });
    expect(done).toBe(false);
    // What had begun goes on to its end.
    await running;
    expect(await next).toBe("next");
  });

  it("are idle when nothing runs and nothing waits, also behind what failed", async () => {
    const gates = new TenantQueue();
    await gates.idle(60_000);
    const first = held();
    const log: string[] = [];
    const asked = [
      gates.run(loud, first.work),
      gates.run(loud, () => Promise.reject(new Error("broken"))),
      gates.run(quiet, first.work),
    ];
    const settled = Promise.allSettled(asked);
    const idle = gates.idle(60_000).then(() => log.push("idle"));
    await yieldToEventLoop();
    expect(log).toEqual([]);
    first.end();
    await idle;
    expect((await settled).map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
  });

  it("are waited for no longer than was said", async () => {
    const gates = new TenantQueue();
    const endless = held();
    const log: string[] = [];
    const running = gates.run(loud, endless.work).then(() => log.push("done"));
    await gates.idle(5);
    expect(log).toEqual([]);
    endless.end();
    await running;
  });
});
