import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { ROLES } from "../../../src/app/apiKeys/roles.ts";
import { newKeyFile } from "../../../src/app/providers/keyFile.ts";
import { signFile } from "../../../src/app/providers/signFile.ts";
import { systemClock, systemRandomness } from "../../../src/app/process/system.ts";
import { toHex } from "../../../src/base/lib/bytes.ts";
import { tenantId } from "../../../src/base/lib/ids.ts";
import { withProvider } from "../../../src/stages/ingest/profile/profile.ts";
import { shippedProfile } from "../../../src/stages/ingest/profile/shippedProfiles.ts";
import { expectProblem } from "./support/contract.ts";
import { ndjson, NDJSON } from "./support/rows.ts";
import { onEachService } from "./support/service.ts";
import { readUpload, tusOf } from "./support/tus.ts";

describe("files that their provider signed, over HTTP", () => {
  onEachService((bench) => {
    let tenants = 0;
    /** A tenant that knows a key of its provider, and a file of that provider's with its signature. */
    const signed = async () => {
      const tenant = `signed-${String(++tenants)}`;
      const provider = `${tenant}-metro`;
      const token = await bench.token(tenant, ROLES);
      const { folder } = bench.place();
      const keyFile = join(folder, `${tenant}.key`);
      const publicKey = toHex(await newKeyFile(keyFile, systemRandomness));
      // It begins an hour ago, so that clocks that differ by a second make no difference.
      const validFrom = new Date(Date.now() - 3_600_000).toISOString();
      const key = await bench.json<{ keyId: string }>("addProviderKey", 201, {
        token,
        params: { provider },
        json: { publicKey, validFrom },
      });
      const body = ndjson(5, tenant);
      const file = join(folder, `${tenant}.ndjson`);
      await writeFile(file, body);
      const outside = { config: bench.context().config, clock: systemClock, randomness: systemRandomness };
      const profile = withProvider(shippedProfile("canonical-ndjson"), provider);
      const { out } = await signFile(outside, {
        file,
        profile,
        keyFile,
        tenant: tenantId(tenant),
        out: null,
        lookupFolder: null,
      });
      const sidecar = await readFile(out);
      const post = (text: string, signature: Buffer | null) =>
        bench.call("postActivities", {
          token,
          query: { profile: "canonical-ndjson", provider },
          body: text,
          headers: {
            "content-type": NDJSON,
            ...(signature && { "microtonne-signature": signature.toString("base64") }),
          },
        });
      return { token, provider, body, sidecar, post, key };
    };

    it("are taken with a signature in a header, not without, nor with a byte changed", async () => {
      const { body, sidecar, post } = await signed();
      expect(expectProblem(await post(body, null))).toMatchObject({ status: 422, code: "signature.missing" });
      const changed = body.replace('"quantity":"12.5"', '"quantity":"13.5"');
      expect(expectProblem(await post(changed, sidecar))).toMatchObject({
        status: 422,
        code: "signature.records",
      });
      expect(expectProblem(await post(body, Buffer.from("{}")))).toMatchObject({
        status: 422,
        code: "file-signature.malformed",
      });
      const taken = await post(body, sidecar);
      expect(JSON.parse(taken.bytes.toString("utf8"))).toMatchObject({ read: 5, accepted: 5 });
      const again = await post(body, sidecar);
      expect(JSON.parse(again.bytes.toString("utf8"))).toMatchObject({ read: 5, accepted: 0, duplicates: 5 });
    });

    it("are taken as uploads with their signature in the metadata", async () => {
      const { token, provider, body, sidecar } = await signed();
      const tus = tusOf(bench, token);
      const send = async (metadata: Record<string, string>) => {
        const begun = await tus.begin(Buffer.byteLength(body), {
          filename: "a.ndjson",
          profile: "canonical-ndjson",
          provider,
          ...metadata,
        });
        const path = begun.headers.location ?? "";
        expect((await tus.patch(path, 0, body)).status).toBe(204);
        return readUpload(bench, token, path.split("/").at(-1) ?? "");
      };
      expect(await send({})).toMatchObject({ state: "failed", problem: { code: "signature.missing" } });
      expect(await send({ signature: sidecar.toString("utf8") })).toMatchObject({
        state: "done",
        report: { accepted: 5 },
      });
    });

    it("are refused once the key is revoked as compromised", async () => {
      const { token, provider, body, sidecar, post, key } = await signed();
      const revoked = await bench.json<{ open: number }>("revokeProviderKey", 200, {
        token,
        params: { provider, key: key.keyId },
        json: { reason: "compromised", at: new Date(Date.now() - 60_000).toISOString() },
      });
      expect(revoked.open).toBe(0);
      expect(expectProblem(await post(body, sidecar))).toMatchObject({ code: "signature.key-revoked" });
    });
  });
});
