import type { Command } from "commander";
import { addAttest } from "./commands/addAttest.ts";
import { addBatch } from "./commands/addBatch.ts";
import { addBehaviour } from "./commands/addBehaviour.ts";
import { addClaims } from "./commands/addClaims.ts";
import { addDemo } from "./commands/addDemo.ts";
import { addIngest } from "./commands/addIngest.ts";
import { addKey } from "./commands/addKey.ts";
import { addMethodology } from "./commands/addMethodology.ts";
import { addMint } from "./commands/addMint.ts";
import { addProfile } from "./commands/addProfile.ts";
import { addProvider } from "./commands/addProvider.ts";
import { addProject } from "./commands/addProject.ts";
import { addProve } from "./commands/addProve.ts";
import { addRetire } from "./commands/addRetire.ts";
import { addRules } from "./commands/addRules.ts";
import { addNetwork } from "./commands/network/addNetwork.ts";
import { addServe } from "./commands/addServe.ts";
import { addSign } from "./commands/addSign.ts";
import { addVerification } from "./commands/addVerification.ts";
import { addVerify } from "./commands/addVerify.ts";

/** All commands, in the order in which a gram meets them. */
export function addCommands(program: Command): void {
  for (const add of [
    addDemo,
    addNetwork,
    addProfile,
    addMethodology,
    addRules,
    addProject,
    addClaims,
    addProvider,
    addSign,
    addIngest,
    addBatch,
    addBehaviour,
    addVerification,
    addAttest,
    addMint,
    addRetire,
    addProve,
    addVerify,
    addServe,
    addKey,
  ])
    add(program);
}
