import type { Equivalent } from "../equivalent.ts";

export const equivalents: readonly Equivalent[] = [
  {
    file: "src/app/profiles/checkFirstRows.ts",
    code: "false",
    line: "const source = await openSource(config, file, { twice: false });",
    replacement: "true",
    reason: "Only standard input is read in another way twice, and it is not looked at here.",
  },
  {
    file: "src/app/proofs/withAllLeaves.ts",
    code: "file.retirement?.disclosed",
    replacement: "file.retirement.disclosed",
    reason:
      "Spans stand in proofs of retirements alone, and the file's schema refuses one without its record.",
  },
  {
    file: "src/app/chain/openSigner.ts",
    code: 'process.platform !== "win32"',
    replacement: "true",
    reason: "Where the tests run, files have modes.",
  },
  {
    file: "src/app/chain/openSigner.ts",
    code: '"win32"',
    replacement: '""',
    reason: "Where the tests run, files have modes.",
  },
  {
    file: "src/app/methodologies/describeMethodology.ts",
    code: "[]",
    replacement: '["Stryker was here"]',
    reason: "What is no rule has no kind, and is left out as a rule of another kind is.",
  },
  {
    file: "src/app/process/config.ts",
    code: "one[1] !== undefined",
    replacement: "true",
    reason:
      "For the types alone: a variable that is undefined counts as not set by the settings' schema too.",
  },
  ...["path", "message"].map((member) => ({
    file: "src/app/process/networkFile.ts",
    code: `issue?.${member}`,
    replacement: `issue.${member}`,
    reason: "For the types alone: whatever breaks a schema has an issue.",
  })),
  {
    file: "src/app/apiKeys/authenticator.ts",
    code: "keyId === undefined || secret === undefined",
    replacement: "keyId === undefined && secret === undefined",
    reason: "A token has both parts or none.",
  },
];
