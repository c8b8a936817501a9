import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { signerSetting } from "../../../../src/app/process/signerSettings.ts";
import { refusedFor } from "../../../support/refusedFor.ts";

const ADDRESS = `0x${"Ab".repeat(20)}`;

describe("a setting that says who signs", () => {
  it("is a path wherever it names no scheme", () => {
    for (const text of ["keys/a.json", "/keys/a.json", "a#b", "c:\\keys\\a.json", "../http://x"])
      expect(signerSetting(text, null, "X")).toEqual({
        kind: "file",
        path: resolve(text),
        passwordFile: null,
      });
    expect(signerSetting("a.json", "words", "X")).toMatchObject({ passwordFile: resolve("words") });
  });

  it("is a service where it names one with the address of its key, in any case", () => {
    const address = ADDRESS.toLowerCase();
    for (const url of ["http://signer:9000", "https://signer/a", "HTTPS://signer"])
      expect(signerSetting(`${url}#${ADDRESS}`, null, "X")).toEqual({ kind: "remote", url, address });
  });

  it.each([
    "https://signer.example",
    "https://signer.example#",
    "https://signer.example#0x12",
    `ftp://signer.example#${ADDRESS}`,
    `xhttps://signer.example#${ADDRESS}`,
    "FTP://signer.example",
  ])("is refused by its name and never repeated: %s", (text) => {
    const refusal = () => signerSetting(text, null, "MICROTONNE_OPERATOR_SIGNER");
    expect(refusal).toThrow(refusedFor("config.signer"));
    expect(refusal).toThrow(
      "MICROTONNE_OPERATOR_SIGNER must be the path of a key file, or a signing service with the address of " +
        "its key behind a number sign: https://signer.example:9000#0x…",
    );
  });
});
