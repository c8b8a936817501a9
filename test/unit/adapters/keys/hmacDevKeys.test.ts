import { createHmac } from "node:crypto";
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { hmacDevKeys } from "../../../../src/adapters/keys/hmacDevKeys.ts";
import { fromHex, toHex } from "../../../../src/base/lib/bytes.ts";
import { LOCAL_CHAIN_ID } from "../../../../src/base/lib/localChain.ts";
import { developmentFirmKey } from "../../../../src/format/developmentKeys.ts";

interface Vectors {
  readonly hmacDev: { readonly keyScheme: readonly { year: number; subject: string; dedupe: string }[] };
  readonly withSubject: readonly { year: number; message: string; activityKey: string }[];
  readonly withoutSubject: readonly { year: number; message: string; activityKey: string }[];
}
const service = () => hmacDevKeys({ chainId: LOCAL_CHAIN_ID });

describe("the development key service", () => {
  it("refuses to exist on any but the local chain", () => {
    expect(() => hmacDevKeys({ chainId: 1 })).toThrowError(
      expect.objectContaining({ code: "keys.not-local" }),
    );
  });

  it("works on another chain that is named for it, with a node at this machine only", async () => {
    const place = { chainId: 4242, allowedChain: 4242, rpcUrl: "http://127.0.0.1:9545" };
    const scheme = await hmacDevKeys(place).keyScheme([2025]);
    expect(scheme).toEqual(await service().keyScheme([2025]));
    for (const rpcUrl of ["http://[::1]:9545", "http://localhost:9545", "https://127.0.0.2"])
      expect(() => hmacDevKeys({ ...place, rpcUrl })).not.toThrow();
    for (const elsewhere of [
      { ...place, allowedChain: null },
      { ...place, allowedChain: 4243 },
      { ...place, rpcUrl: null },
      { ...place, rpcUrl: "https://rpc.example" },
      { ...place, rpcUrl: "http://10.0.0.1:9545" },
      { ...place, rpcUrl: "http://127.0.0.1.example" },
      { ...place, rpcUrl: "http://localhost@rpc.example" },
    ])
      expect(() => hmacDevKeys(elsewhere), JSON.stringify(elsewhere)).toThrowError(
        expect.objectContaining({ code: "keys.not-local" }),
      );
  });

  it("gives one person one key in a scope and another in the next scope", async () => {
    const [here, again, elsewhere, shifted] = await service().subjectKeys([
      { scope: "dundee", identifier: "601838" },
      { scope: "dundee", identifier: "601838" },
      { scope: "deployment", identifier: "601838" },
      { scope: "dundee6", identifier: "01838" },
    ]);
    expect(here).toEqual(again);
    expect(new Set([here, elsewhere, shifted].map((key) => toHex(key as Uint8Array))).size).toBe(3);
  });

  it("gives one firm one id, and another code of the same characters another", async () => {
    const keys = service();
    const code = "91350100M000100Y43";
    const id = await keys.firmId({ scheme: "USCC", code });
    const hmac = createHmac("sha256", developmentFirmKey()).update(`USCC${code}`).digest("hex");
    expect(id).toBe(`0x${hmac.slice(0, 32)}`);
    expect(await keys.firmId({ scheme: "USCC", code })).toBe(id);
    expect(await keys.firmId({ scheme: "LEI", code })).not.toBe(id);
  });

  it("keys the same message differently from year to year and answers in the order asked", async () => {
    const message = new Uint8Array(43).fill(1);
    const keys = await service().activityKeys([
      { year: 2024, message },
      { year: 2025, message },
      { year: 2024, message },
    ]);
    expect(keys[0]).toEqual(keys[2]);
    expect(keys[0]).not.toEqual(keys[1]);
  });

  it("lists the key scheme once a year, ascending", async () => {
    const scheme = await service().keyScheme([2025, 2024, 2025]);
    expect(scheme.map((entry) => entry.year)).toEqual([2024, 2025]);
    expect(scheme[0]?.subject).toBe(scheme[1]?.subject);
    expect(scheme[0]?.dedupe).not.toBe(scheme[1]?.dedupe);
  });

  it("gives the keys and the key scheme of the golden vectors", async () => {
    const vectors = JSON.parse(readFileSync("test/vectors/keys.json", "utf8")) as Vectors;
    for (const { year, message, activityKey } of [...vectors.withSubject, ...vectors.withoutSubject]) {
      const [key] = await service().activityKeys([{ year, message: fromHex(message) }]);
      expect(key && toHex(key)).toBe(activityKey);
    }
    expect(await service().keyScheme(vectors.hmacDev.keyScheme.map(({ year }) => year))).toEqual(
      vectors.hmacDev.keyScheme,
    );
  });
});
