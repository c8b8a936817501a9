import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ensureSecret } from "../../../../src/app/process/ensureSecret.ts";

let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), "microtonne-secret-"))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Bytes that count up from call to call. */
function counting() {
  let calls = 0;
  return { bytes: (length: number) => new Uint8Array(length).fill(++calls) };
}
const modeOf = (path: string) => statSync(path).mode & 0o777;

describe("a secret in a file", () => {
  it("is made once, and read from then on", async () => {
    const path = join(folder, "keys", "sealing.key");
    const made = await ensureSecret(path, counting());
    expect(made).toHaveLength(32);
    expect(new Uint8Array(readFileSync(path))).toEqual(made);
    const other = { bytes: (length: number) => new Uint8Array(length).fill(0xee) };
    expect(await ensureSecret(path, other)).toEqual(made);
  });

  it("may be read by its owner only, and leaves no draft behind", async () => {
    await ensureSecret(join(folder, "keys", "sealing.key"), counting());
    expect(modeOf(join(folder, "keys"))).toBe(0o700);
    expect(modeOf(join(folder, "keys", "sealing.key"))).toBe(0o600);
    expect(readdirSync(join(folder, "keys"))).toEqual(["sealing.key"]);
  });

  it("is one for all that make it at once", async () => {
    const path = join(folder, "sealing.key");
    const randomness = counting();
    const answers = await Promise.all(Array.from({ length: 5 }, () => ensureSecret(path, randomness)));
    const placed = new Uint8Array(readFileSync(path));
    for (const answer of answers) expect(answer).toEqual(placed);
    expect(readdirSync(folder)).toEqual(["sealing.key"]);
  });

  it("is not made anew where the kept one can't be read", async () => {
    const bytes = () => {
      throw new Error("Nothing is to be made.");
    };
    await expect(ensureSecret(folder, { bytes })).rejects.toMatchObject({ code: "EISDIR" });
    expect(readdirSync(folder)).toEqual([]);
  });

  it("is none where its draft can't be placed", async () => {
    let calls = 0;
    const bytes = (length: number) => {
      // The draft vanishes while it is written.
      if (++calls === 2) for (const name of readdirSync(folder)) rmSync(join(folder, name));
      return new Uint8Array(length);
    };
    const made = ensureSecret(join(folder, "sealing.key"), { bytes });
    await expect(made).rejects.toMatchObject({ code: "ENOENT", syscall: "link" });
  });

  it("never takes over a draft that is there, and leaves none where it can't be placed", async () => {
    const path = join(folder, "sealing.key");
    writeFileSync(`${path}.${"01".repeat(8)}.draft`, "another one's");
    await expect(ensureSecret(path, counting())).rejects.toMatchObject({ code: "EEXIST" });
    expect(readdirSync(folder)).toEqual([`sealing.key.${"01".repeat(8)}.draft`]);
  });
});
