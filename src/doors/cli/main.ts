import { VERSION } from "../../app/process/version.ts";
import { createProgram, runProgram } from "./command.ts";
import { addAttest } from "./commands/attest.ts";
import { addBatch } from "./commands/batch.ts";
import { addDemo } from "./commands/demo.ts";
import { addIngest } from "./commands/ingest.ts";
import { addKey } from "./commands/key.ts";
import { addMethodology } from "./commands/methodology.ts";
import { addMint } from "./commands/mint.ts";
import { addProfile } from "./commands/profile.ts";
import { addProvider } from "./commands/provider.ts";
import { addProve } from "./commands/prove.ts";
import { addRetire } from "./commands/retire.ts";
import { addServe } from "./commands/serve.ts";
import { addSign } from "./commands/sign.ts";
import { addVerify } from "./commands/verify.ts";

// Ending by a signal runs no exit handlers, and one of them ends the embedded chain.
process.once("SIGINT", () => process.exit(130));
process.once("SIGTERM", () => process.exit(143));

const program = createProgram(VERSION);
// In the order in which a gram meets them.
for (const add of [
  addDemo,
  addProfile,
  addMethodology,
  addProvider,
  addSign,
  addIngest,
  addBatch,
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
