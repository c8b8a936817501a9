import { VERSION } from "../../app/process/version.ts";
import { addCommands } from "./addCommands.ts";
import { createProgram, runProgram } from "./program.ts";
import { wantedCommand } from "./wantedCommand.ts";

// Ending by a signal runs no exit handlers, and one of them ends the embedded chain.
process.once("SIGINT", () => process.exit(130));
process.once("SIGTERM", () => process.exit(143));
// A reader that has seen enough (`| head`) is no fault.
for (const stream of [process.stdout, process.stderr])
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
    process.exit(process.exitCode ?? 0);
  });

const program = createProgram(VERSION);
await addCommands(program, wantedCommand(process.argv.slice(2)));
await runProgram(program, process.argv);
