import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { CAP_SENTENCES } from "../../../src/stages/dedupe/capSentences.ts";
import { CLAIM_SENTENCES } from "../../../src/stages/dedupe/claimSentences.ts";
import { DUPLICATE_SENTENCES } from "../../../src/stages/dedupe/duplicateSentences.ts";
import { REASON_SENTENCES } from "../../../src/stages/ingest/reasonCodes.ts";
import { IMPLAUSIBLE_SENTENCES } from "../../../src/stages/plausibility/reasonCodes.ts";
import { NOTE_SENTENCES } from "../../../src/stages/ingest/notes.ts";
import { SIGNATURE_SENTENCES } from "../../../src/stages/ingest/signatureCodes.ts";
import { PROJECT_SENTENCES } from "../../../src/stages/projects/reasonCodes.ts";
import { QUANTIFY_SENTENCES } from "../../../src/stages/quantify/reasonCodes.ts";

it("docs/profiles.md lists every reason code and note with its sentence, and no other", () => {
  const listed = readFileSync("docs/profiles.md", "utf8").match(/^\| `[a-z-]+\.[a-z-]+` \| .* \|$/gm);
  const all = Object.entries({
    ...REASON_SENTENCES,
    ...SIGNATURE_SENTENCES,
    ...QUANTIFY_SENTENCES,
    ...PROJECT_SENTENCES,
    ...IMPLAUSIBLE_SENTENCES,
    ...DUPLICATE_SENTENCES,
    ...CLAIM_SENTENCES,
    ...CAP_SENTENCES,
    ...NOTE_SENTENCES,
  });
  expect(listed).toEqual(all.map(([code, sentence]) => `| \`${code}\` | ${sentence} |`));
});
