import { VERSION } from "../../app/process/version.ts";
import { addCommands } from "./addCommands.ts";
import { createProgram, runProgram } from "./command.ts";
import { addAttest } from "./commands/addAttest.ts";
import { addBatch } from "./commands/addBatch.ts";
import { addBehaviour } from "./commands/addBehaviour.ts";
import { addClaims } from "./commands/addClaims.ts";
import { addDemo } from "./commands/addDemo.ts";
import { addIngest } from "./commands/addIngest.ts";
import { addKey } from "./commands/addKey.ts";
import { addMethodology } from "./commands/addMethodology.ts";
import { addMint } from "./commands/addMint.ts";
import { addProject } from "./commands/addProject.ts";
import { addProfile } from "./commands/addProfile.ts";
import { addProvider } from "./commands/addProvider.ts";
import { addProve } from "./commands/addProve.ts";
import { addRetire } from "./commands/addRetire.ts";
import { addRules } from "./commands/addRules.ts";
import { addServe } from "./commands/addServe.ts";
import { addSign } from "./commands/addSign.ts";
import { addVerify } from "./commands/addVerify.ts";

// Ending by a signal runs no exit handlers, and one of them ends the embedded chain.
process.once("SIGINT", () => process.exit(130));
process.once("SIGTERM", () => process.exit(143));

const program = createProgram(VERSION);
// In the order in which a gram meets them.
for (const add of [
  addDemo,
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
  addAttest,
  addMint,
  addRetire,
  addProve,
  addVerify,
  addServe,
  addKey,
])
  add(program);
await runProgram(program, process.argv);
