import { chmodSync, chownSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { readPassword } from "../../../../src/app/chain/openSigner.ts";

const folder = mkdtempSync(join(tmpdir(), "microtonne-own-"));
afterAll(() => rmSync(folder, { recursive: true }));

const file = (name: string, mode: number, text = "secret\n"): string => {
  const path = join(folder, name);
  writeFileSync(path, text);
  chmodSync(path, mode);
  return path;
};

describe("a file that is nobody else's to read", () => {
  it("is read where its owner alone may read it", async () => {
    expect(await readPassword(file("own", 0o600))).toBe("secret");
  });

  it("is refused by its mode, with a command that a shell takes as one word", async () => {
    const path = file("a b;touch X", 0o640);
    await expect(readPassword(path)).rejects.toMatchObject({
      code: "signer.open-file",
      message: expect.stringContaining(`Run: chmod 600 '${path}'`) as unknown,
    });
  });

  it("is refused where somebody else owns it", async ({ skip }) => {
    if (process.geteuid?.() !== 0) skip("only the administrator may give files away");
    const path = file("given", 0o600);
    chownSync(path, 4_242, 4_242);
    await expect(readPassword(path)).rejects.toMatchObject({
      code: "signer.open-file",
      message: expect.stringContaining(`Run: chown $(id -u) ${path}`) as unknown,
    });
  });

  it("is refused where it is large", async () => {
    await expect(readPassword(file("large", 0o600, "x".repeat(70_000)))).rejects.toMatchObject({
      code: "signer.key-file",
    });
  });
});
