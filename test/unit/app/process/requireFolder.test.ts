import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { requireFolder } from "../../../../src/app/process/requireFolder.ts";
import { refusedFor } from "../../../support/refusedFor.ts";

let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), "microtonne-folder-"))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const asked = (place: { folder?: string; databaseUrl?: string }) => () =>
  requireFolder({ folder, databaseUrl: null, ...place });

describe("a command that looks at what is stored", () => {
  it("goes on in a folder with a database or a network, and with a database elsewhere", () => {
    expect(asked({ databaseUrl: "postgres://h/d" })).not.toThrow();
    mkdirSync(join(folder, "db"));
    expect(asked({})).not.toThrow();
    rmSync(join(folder, "db"), { recursive: true });
    writeFileSync(join(folder, "network.json"), "{}");
    expect(asked({})).not.toThrow();
  });

  it("is refused in an empty folder, which is there", () => {
    expect(asked({})).toThrow(refusedFor("config.no-data"));
    expect(asked({})).toThrow(
      expect.objectContaining({
        message: `Nothing is stored in ${folder}.`,
        remedy: { act: "name-data-folder" },
      }),
    );
  });

  it("is refused where no folder is, and told so", () => {
    const misspelt = join(folder, "misspelt");
    expect(asked({ folder: misspelt })).toThrow(refusedFor("config.no-data"));
    expect(asked({ folder: misspelt })).toThrow(`${misspelt}: there is no such folder.`);
  });

  it("leaves what is no folder to whoever opens it", () => {
    const file = join(folder, "file");
    writeFileSync(file, "");
    expect(asked({ folder: file })).not.toThrow();
  });
});
