import type { Command } from "commander";

/** A command before it is loaded: enough for the list of all of them. */
export interface CommandEntry {
  readonly name: string;
  readonly description: string;
  /** Loads what it needs; answers what adds it, with its options, to the program. */
  readonly load: () => Promise<(program: Command) => void>;
}

/** All commands, in the order in which a gram meets them. */
export const COMMANDS: readonly CommandEntry[] = [
  {
    name: "demo",
    description:
      "Run the main job on a generated city day: ingest, close, attest, mint, retire, prove, verify.",
    load: async () => (await import("./commands/addDemo.ts")).addDemo,
  },
  {
    name: "network",
    description: "A network of your own: tie a data folder to it, see what it lacks, appoint, publish.",
    load: async () => (await import("./commands/network/addNetwork.ts")).addNetwork,
  },
  {
    name: "profile",
    description: "The files that map a provider's columns to activity records.",
    load: async () => (await import("./commands/addProfile.ts")).addProfile,
  },
  {
    name: "methodology",
    description: "The versioned rules that turn a quantity into a reduction.",
    load: async () => (await import("./commands/addMethodology.ts")).addMethodology,
  },
  {
    name: "rules",
    description: "Scenario classes, plausibility rules and recognition that a region's registrar publishes.",
    load: async () => (await import("./commands/addRules.ts")).addRules,
  },
  {
    name: "project",
    description: "Projects: installations whose months count, instead of people's acts.",
    load: async () => (await import("./commands/addProject.ts")).addProject,
  },
  {
    name: "claims",
    description: "Claims of other registries on assets: green certificates.",
    load: async () => (await import("./commands/addClaims.ts")).addClaims,
  },
  {
    name: "provider",
    description: "Providers and the keys with which they sign.",
    load: async () => (await import("./commands/addProvider.ts")).addProvider,
  },
  {
    name: "sign",
    description: "As a provider: sign the records that a profile makes of a file. Nothing is stored here.",
    load: async () => (await import("./commands/addSign.ts")).addSign,
  },
  {
    name: "ingest",
    description: "Read a provider's file by its profile; quantify, key and store what is new.",
    load: async () => (await import("./commands/addIngest.ts")).addIngest,
  },
  {
    name: "batch",
    description: "Close, list and show batches; export one for a verifier; clean up archives.",
    load: async () => (await import("./commands/addBatch.ts")).addBatch,
  },
  {
    name: "behaviour",
    description: "Acts that are counted for an evaluation, and never minted, pooled or sold.",
    load: async () => (await import("./commands/addBehaviour.ts")).addBehaviour,
  },
  {
    name: "verification",
    description: "As a verification body: write the statement that a batch's manifest names; show one.",
    load: async () => (await import("./commands/addVerification.ts")).addVerification,
  },
  {
    name: "attest",
    description:
      "As a verifier: recompute every leaf of an operator's package, then sign the batch or refuse with " +
      "the reason.",
    load: async () => (await import("./commands/addAttest.ts")).addAttest,
  },
  {
    name: "mint",
    description: "Commit a closed batch with its verifiers' quorum and mint its credits to the operator.",
    load: async () => (await import("./commands/addMint.ts")).addMint,
  },
  {
    name: "retire",
    description: "Retire an amount for one of the five purposes; the certificate names its serial ranges.",
    load: async () => (await import("./commands/addRetire.ts")).addRetire,
  },
  {
    name: "prove",
    description: "Write the proof file of a retirement (range, leaves, root, block) or of one act.",
    load: async () => (await import("./commands/addProve.ts")).addProve,
  },
  {
    name: "verify",
    description: "Check a proof file or a whole archive; say what was checked and what was not.",
    load: async () => (await import("./commands/addVerify.ts")).addVerify,
  },
  {
    name: "serve",
    description: "Run the HTTP service: what a pooling operator does by these commands, for programs.",
    load: async () => (await import("./commands/addServe.ts")).addServe,
  },
  {
    name: "work",
    description: "Run the HTTP service's background jobs in a process of their own.",
    load: async () => (await import("./commands/addWork.ts")).addWork,
  },
  {
    name: "key",
    description: "Keys to the HTTP service: make, list, revoke.",
    load: async () => (await import("./commands/addKey.ts")).addKey,
  },
  {
    name: "completion",
    description: "Print the script with which a shell completes commands, options and values.",
    load: async () => (await import("./commands/addCompletion.ts")).addCompletion,
  },
];
