import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { open } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { afterAll, describe, expect, it } from "vitest";
import { openJsonFile } from "../../../../src/app/process/openJsonFile.ts";
import { MAX_JSON_FILE_BYTES, parseJsonFile } from "../../../../src/base/lib/json/parseJsonFile.ts";
import { refusedFor } from "../../../support/refusedFor.ts";

const folder = mkdtempSync(join(tmpdir(), "microtonne-json-file-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const placed = (name: string, content: string | Uint8Array) => {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
};

describe("a file of JSON that a person wrote", () => {
  it("comes with its name and all of its bytes", async () => {
    const { name, bytes } = await openJsonFile(placed("rule.json", '{"a": 1}\n'));
    expect(name).toBe("rule.json");
    expect(Buffer.from(bytes).toString()).toBe('{"a": 1}\n');
    expect((await openJsonFile(placed("empty.json", ""))).bytes).toHaveLength(0);
  });

  it("is whole up to the most that is taken, and of a larger one just enough to refuse it", async () => {
    const most = await openJsonFile(placed("most.json", new Uint8Array(MAX_JSON_FILE_BYTES)));
    expect(most.bytes).toHaveLength(MAX_JSON_FILE_BYTES);
    const { name, bytes } = await openJsonFile(
      placed("huge.json", new Uint8Array(MAX_JSON_FILE_BYTES + 5000)),
    );
    expect(bytes).toHaveLength(MAX_JSON_FILE_BYTES + 1);
    expect(() => parseJsonFile(bytes, name)).toThrow("huge.json is too large");
  });

  it("may be a pipe, which gives its bytes one after another", async () => {
    const pipe = join(folder, "pipe.json");
    execFileSync("mkfifo", [pipe]);
    const opened = openJsonFile(pipe);
    const writer = await open(pipe, "w");
    await writer.writeFile('{"a":');
    await setTimeout(100);
    await writer.writeFile("1}");
    await writer.close();
    expect(Buffer.from((await opened).bytes).toString()).toBe('{"a":1}');
  });

  it("that can't be read is named by its path, with what the system says", async () => {
    await expect(openJsonFile(join(folder, "none.json"))).rejects.toEqual(refusedFor("file.unreadable"));
    await expect(openJsonFile(join(folder, "none.json"))).rejects.toThrow(
      `The file ${join(folder, "none.json")} can't be read: there is none of that name.`,
    );
    await expect(openJsonFile(folder)).rejects.toThrow(`The file ${folder} can't be read: it is a folder.`);
  });
});
