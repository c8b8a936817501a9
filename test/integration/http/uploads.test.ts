import { mkdir, readdir, readFile, utimes, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { systemClock } from "../../../src/app/process/system.ts";
import { removeAbandoned } from "../../../src/app/service/removeAbandoned.ts";
import { tenantId } from "../../../src/base/lib/ids.ts";
import type { UnixSeconds } from "../../../src/base/types/quantities.ts";
import { ROLES } from "../../../src/app/apiKeys/roles.ts";
import { dataFile, hasData, plainDundeeMilligrams } from "../../e2e/support/realData.ts";
import { workbook } from "../../unit/stages/ingest/support/workbook.ts";
import { expectProblem } from "./support/contract.ts";
import { MILLIGRAMS_A_RIDE, ndjson, NDJSON } from "./support/rows.ts";
import { onEachService } from "./support/service.ts";
import { metadataOf, PIECE, readUpload, tusOf } from "./support/tus.ts";
import { until } from "./support/until.ts";

const RIDES = { filename: "rides.ndjson", profile: "canonical-ndjson", provider: "city-metro" };
const DUNDEE = "ev/dundee_060618-060918.csv.gz";

describe("files in pieces, by tus 1.0", () => {
  onEachService((bench) => {
    let tenants = 0;
    const client = async (profile: Readonly<Record<string, string>> = RIDES) => {
      const tenant = `sender-${String(++tenants)}`;
      const token = await bench.token(tenant, ROLES);
      const tus = tusOf(bench, token);
      const begin = async (size: number): Promise<{ path: string; upload: string }> => {
        const path = (await tus.begin(size, profile)).headers.location ?? "";
        return { path, upload: path.split("/").at(-1) ?? "" };
      };
      const send = async (bytes: string | Uint8Array) => {
        const { path, upload } = await begin(Buffer.byteLength(bytes));
        expect((await tus.patch(path, 0, bytes)).status).toBe(204);
        return { path, upload, shown: await readUpload(bench, token, upload) };
      };
      return { tenant, token, tus, begin, send };
    };
    const bytesOnDisk = async (upload: string): Promise<string[]> =>
      (await readdir(join(bench.place().folder, "uploads"))).filter((name) => name.startsWith(upload));

    it("one tenant's many files hold up no other tenant's", async () => {
      const loud = await client();
      const calm = await client();
      const paths: string[] = [];
      for (let file = 0; file < 4; file++) {
        const bytes = ndjson(10_000, `${loud.tenant}-${String(file)}`);
        const { path } = await loud.begin(Buffer.byteLength(bytes));
        expect((await loud.tus.patch(path, 0, bytes)).status).toBe(204);
        paths.push(path);
      }
      const { shown } = await calm.send(ndjson(3, calm.tenant));
      expect(shown).toMatchObject({ state: "done", report: { accepted: 3 } });
      const states = await Promise.all(
        paths.map(
          async (path) =>
            (
              await bench.json<{ state: string }>("getUpload", 200, {
                token: loud.token,
                params: { upload: path.split("/").at(-1) ?? "" },
              })
            ).state,
        ),
      );
      expect(states).toContain("queued");
      for (const path of paths)
        expect(await readUpload(bench, loud.token, path.split("/").at(-1) ?? "")).toMatchObject({
          state: "done",
        });
    });

    it("that ended the process three times over is not read a fourth time", async () => {
      const { tenant, tus, token, begin } = await client();
      const bytes = ndjson(2, tenant);
      const { path, upload } = await begin(Buffer.byteLength(bytes));
      const attempts = join(bench.place().folder, "attempts");
      await mkdir(attempts, { recursive: true });
      await writeFile(join(attempts, upload), "3");
      expect((await tus.patch(path, 0, bytes)).status).toBe(204);
      expect(await readUpload(bench, token, upload)).toMatchObject({
        state: "failed",
        problem: { code: "job.deadly" },
      });
      expect(await readdir(attempts)).not.toContain(upload);
    });

    it("forgets a provider's signature once the file was read, in the database and on disk", async () => {
      const { tenant, tus, token } = await client();
      const bytes = ndjson(2, tenant);
      const sidecar = '{"canary":"fileSalt"}';
      const path =
        (await tus.begin(Buffer.byteLength(bytes), { ...RIDES, signature: sidecar })).headers.location ?? "";
      const upload = path.split("/").at(-1) ?? "";
      const request = async (): Promise<string> =>
        (
          await bench
            .context()
            .db.query<{ request: string }>("SELECT request FROM uploads WHERE upload_id = $1", [upload])
        )[0]?.request ?? "";
      expect(await request()).toContain("canary");
      expect((await tus.patch(path, 0, bytes)).status).toBe(204);
      expect(await readUpload(bench, token, upload)).toMatchObject({
        state: "failed",
        problem: { code: "file-signature.malformed" },
      });
      expect(await request()).not.toContain("canary");
      await until("the bytes' end", async () => (await bytesOnDisk(upload)).length === 0);
    });

    it("a file sent whole is read, its results add up, and its bytes are gone", async () => {
      const { tenant, token, send, tus } = await client();
      const good = ndjson(30, tenant);
      const [first = ""] = good.split("\n");
      const body = `${good}${first}\n{"recordId":"bad"}\nnonsense\n`;
      const { upload, path, shown } = await send(body);
      expect(shown).toMatchObject({
        state: "done",
        problem: null,
        report: { read: 33, accepted: 30, rejected: 2, duplicates: 1 },
      });
      expect(shown.report?.["milligrams"]).toBe((30n * MILLIGRAMS_A_RIDE).toString());
      const results = await bench.call("getUploadResults", { token, params: { upload } });
      const listed = results.bytes
        .toString("utf8")
        .trimEnd()
        .split("\n")
        .map((line) => JSON.parse(line) as { row: number; outcome: string });
      expect(results.headers["content-type"]).toMatch(/^application\/x-ndjson/);
      expect(listed.map(({ row, outcome }) => [row, outcome])).toEqual([
        [31, "duplicate"],
        [32, "rejected"],
        [33, "rejected"],
      ]);
      await until(
        "the bytes' end",
        async () => (await bytesOnDisk(upload)).join() === `${upload}.results.ndjson`,
      );
      // A client whose last reply was lost asks how far it is: at the end.
      expect((await tus.head(path)).headers).toMatchObject({
        "upload-offset": String(Buffer.byteLength(body)),
        "tus-resumable": "1.0.0",
      });
      expect(expectProblem(await tus.patch(path, Buffer.byteLength(body), ""))).toMatchObject({
        status: 409,
        code: "upload.complete",
      });
      expect((await bench.call("deleteUpload", { token, params: { upload } })).status).toBe(204);
      expect(await bytesOnDisk(upload)).toEqual([]);
      expect((await bench.call("getUpload", { token, params: { upload } })).status).toBe(404);
      expect(
        (
          await bench.call("getRecord", {
            token,
            params: { provider: "city-metro", recordId: `${tenant}-0` },
          })
        ).status,
      ).toBe(200);
    });

    it("pieces are put together; a piece for another place is refused and changes nothing", async () => {
      const { tenant, token, tus, begin } = await client();
      const body = Buffer.from(ndjson(20, tenant));
      const { path, upload } = await begin(body.length);
      for (let at = 0; at < body.length; at += 700) {
        for (const wrong of [at + 1, at + 700, body.length]) {
          expect(expectProblem(await tus.patch(path, wrong, "x"))).toMatchObject({
            status: 409,
            code: "upload.protocol",
          });
        }
        expect((await tus.head(path)).headers["upload-offset"]).toBe(String(at));
        expect((await tus.patch(path, at, body.subarray(at, at + 700))).status).toBe(204);
      }
      expect(await readUpload(bench, token, upload)).toMatchObject({ report: { read: 20, accepted: 20 } });
    });

    it("a piece that was cut off is taken up where HEAD says", async () => {
      const { tenant, token, tus, begin } = await client();
      const body = Buffer.from(ndjson(4_000, tenant));
      const { path, upload } = await begin(body.length);
      const { hostname, port } = new URL(bench.url());
      const socket = connect(Number(port), hostname);
      const heads = {
        host: "x",
        authorization: `Bearer ${token}`,
        "tus-resumable": "1.0.0",
        "upload-offset": "0",
        "content-type": PIECE,
        "content-length": String(body.length),
      };
      const half = body.subarray(0, body.length >> 1);
      socket.write(
        `PATCH ${path} HTTP/1.1\r\n${Object.entries(heads)
          .map(([name, value]) => `${name}: ${value}\r\n`)
          .join("")}\r\n`,
      );
      await new Promise((sent) => socket.write(half, sent));
      await until("bytes on disk", async () => Number((await tus.head(path)).headers["upload-offset"]) > 0);
      socket.destroy();
      let offset = 0;
      for (let tries = 0; offset < body.length; tries++) {
        expect(tries).toBeLessThan(20);
        offset = Number((await tus.head(path)).headers["upload-offset"]);
        expect(offset).toBeGreaterThan(0);
        if (offset < body.length && (await tus.patch(path, offset, body.subarray(offset))).status === 204)
          break;
      }
      expect(await readUpload(bench, token, upload)).toMatchObject({
        report: { read: 4_000, accepted: 4_000, rejected: 0 },
      });
    });

    it("more than was announced is refused, as is a file above the cap", async () => {
      const { tus, begin } = await client();
      const { path } = await begin(10);
      expect(expectProblem(await tus.patch(path, 0, "x".repeat(11)))).toMatchObject({ status: 413 });
      expect((await tus.head(path)).headers["upload-offset"]).toBe("0");
      expect(expectProblem(await tus.begin(2 ** 37, RIDES))).toMatchObject({ status: 413 });
    });

    it("what the protocol or the metadata lack is said as a problem", async () => {
      const { tus } = await client();
      const metadata = metadataOf(RIDES);
      const cases: [Record<string, string>, number, string][] = [
        [{ "upload-length": "3" }, 400, "upload.metadata"],
        [{ "upload-length": "3", "upload-metadata": metadataOf({ filename: "a" }) }, 400, "upload.metadata"],
        [
          { "upload-length": "3", "upload-metadata": metadataOf({ ...RIDES, more: "x" }) },
          400,
          "upload.metadata",
        ],
        [
          { "upload-length": "3", "upload-metadata": metadataOf({ ...RIDES, provider: "NO" }) },
          400,
          "upload.metadata",
        ],
        [
          { "upload-length": "3", "upload-metadata": metadataOf({ ...RIDES, profile: "no-such" }) },
          404,
          "profile.unknown",
        ],
        [{ "upload-defer-length": "1", "upload-metadata": metadata }, 400, "upload.length"],
        [{ "upload-metadata": metadata }, 400, "upload.protocol"],
        [{ "upload-length": "-1", "upload-metadata": metadata }, 400, "upload.protocol"],
        [
          { "upload-length": "3", "upload-metadata": metadata, "tus-resumable": "0.2.2" },
          400,
          "upload.protocol",
        ],
      ];
      for (const [headers, status, code] of cases)
        expect(expectProblem(await tus.beginWith(headers)), JSON.stringify(headers)).toMatchObject({
          status,
          code,
        });
    });

    it("takes what usual clients say of a file, and empty values", async () => {
      const { tenant, token, tus } = await client();
      const bytes = ndjson(2, tenant);
      const said = { filetype: NDJSON, type: NDJSON, relativePath: "null", lastModified: "1", region: "" };
      for (const [index, metadata] of [
        { ...RIDES, name: "rides.ndjson", ...said },
        { profile: RIDES.profile, provider: RIDES.provider, name: "rides.ndjson", ...said },
      ].entries()) {
        const begun = await tus.beginWith({
          "upload-length": String(Buffer.byteLength(bytes)),
          // A name without any value, and one with an empty one.
          "upload-metadata": `${metadataOf(metadata)},caption,contentType `,
        });
        expect(begun.status, begun.bytes.toString("utf8")).toBe(201);
        expect(Date.parse(begun.headers["upload-expires"] as string)).toBeGreaterThan(Date.now());
        const path = begun.headers.location ?? "";
        expect((await tus.patch(path, 0, bytes)).status).toBe(204);
        const shown = await readUpload(bench, token, path.split("/").at(-1) ?? "");
        expect(shown).toMatchObject({ fileName: "rides.ndjson", report: { accepted: index === 0 ? 2 : 0 } });
      }
    });

    it("refuses to put uploads together, by the protocol's own status, each time", async () => {
      const { tus } = await client();
      const headers = { "upload-length": "3", "upload-metadata": metadataOf(RIDES) };
      for (const concat of ["partial", "final;/v1/activities/uploads/a", "partial"])
        expect(expectProblem(await tus.beginWith({ ...headers, "upload-concat": concat }))).toMatchObject({
          status: 501,
          code: "upload.concat",
        });
    });

    it("takes each request for what it is, whatever method another header names", async () => {
      const { tenant, token, tus, begin } = await client();
      const bytes = ndjson(2, tenant);
      const { path, upload } = await begin(Buffer.byteLength(bytes));
      const half = bytes.length >> 1;
      const override = { "x-http-method-override": "DELETE" };
      expect((await tus.patch(path, 0, bytes.slice(0, half), override)).status).toBe(204);
      // The bytes are there, and so is the upload.
      expect((await tus.head(path)).headers["upload-offset"]).toBe(String(half));
      expect((await tus.patch(path, half, bytes.slice(half), override)).status).toBe(204);
      expect(await readUpload(bench, token, upload)).toMatchObject({ report: { accepted: 2 } });
      expect((await tus.beginWith(override)).status).toBe(400);
    });

    it("a tenant has so many unfinished uploads, and so many bytes, at a time", async () => {
      const { token, tus, begin } = await client();
      const first = await begin(3);
      for (let index = 1; index < 32; index++) expect((await begin(3)).path).not.toBe("");
      const refused = await tus.begin(3, RIDES);
      expect(expectProblem(refused)).toMatchObject({ status: 429, code: "limit.uploads" });
      expect((await bench.call("deleteUpload", { token, params: { upload: first.upload } })).status).toBe(
        204,
      );
      const most = 2 ** 36;
      expect(expectProblem(await tus.begin(most, RIDES))).toMatchObject({
        status: 429,
        code: "limit.upload-bytes",
      });
      expect((await tus.begin(3, RIDES)).status).toBe(201);
      const other = await client();
      expect((await other.tus.begin(most, RIDES)).status).toBe(201);
    });

    it("removes what nobody completes a day after its last byte, and nothing else", async () => {
      const { tenant, token, tus, begin } = await client();
      const context = await bench.context().forTenant(tenantId(tenant));
      const [empty, begun, fresh] = [await begin(10), await begin(10), await begin(10)];
      expect((await tus.patch(begun.path, 0, "12345")).status).toBe(204);
      const age = (seconds: number) => ({
        ...context,
        clock: { now: () => (systemClock.now() + seconds) as UnixSeconds },
      });
      await removeAbandoned(age(86_000));
      for (const { path } of [empty, begun, fresh]) expect((await tus.head(path)).status).toBe(200);
      const later = systemClock.now() + 4_000;
      await utimes(join(bench.place().folder, "uploads", fresh.upload), later, later);
      await removeAbandoned(age(87_000));
      expect((await tus.head(empty.path)).status).toBe(404);
      expect((await tus.head(begun.path)).status).toBe(404);
      expect(await bytesOnDisk(begun.upload)).toEqual([]);
      expect((await tus.head(fresh.path)).status).toBe(200);
      expect((await bench.call("deleteUpload", { token, params: { upload: fresh.upload } })).status).toBe(
        204,
      );
    });

    it("gzip and Excel files are read by their profile", async () => {
      const zipped = await client();
      expect((await zipped.send(gzipSync(ndjson(50, zipped.tenant)))).shown).toMatchObject({
        report: { read: 50, accepted: 50 },
      });
      const csv = await client({ filename: "rides.xlsx", profile: "canonical-csv", provider: "city-metro" });
      const sheet = workbook([{ name: "S", rows: [["recordId"], ["x"]] }]);
      expect((await csv.send(sheet)).shown).toMatchObject({ state: "failed" });
    });

    it("a file that breaks a rule fails with its code, and its bytes are gone", async () => {
      const { send } = await client({ filename: "x", profile: "canonical-csv", provider: "city-metro" });
      const { upload, shown } = await send("no,such,columns\n1,2,3\n");
      expect(shown.state).toBe("failed");
      expect(shown.problem?.code).toMatch(/^input\./);
      await until("the bytes' end", async () => (await bytesOnDisk(upload)).length === 0);
    });

    it("an empty file comes to nothing, and ends", async () => {
      const { token, begin } = await client();
      const { upload } = await begin(0);
      expect(["done", "failed"]).toContain((await readUpload(bench, token, upload)).state);
    });

    it.skipIf(!hasData)("a real file comes to what the command line's test says of it", async () => {
      const { send } = await client({ filename: "dundee.csv.gz", profile: "dundee-charging" });
      const { shown } = await send(await readFile(dataFile(DUNDEE)));
      const { sessions, milligrams } = plainDundeeMilligrams(DUNDEE);
      expect(shown.report).toMatchObject({ accepted: sessions, milligrams: milligrams.toString() });
    });
  });
});
