import { spawn } from "node:child_process";
import { once } from "node:events";
import { resolve } from "node:path";
import { text } from "node:stream/consumers";
import { expect, it } from "vitest";

it("hears a signal that came before it waited, while nothing was heard", async () => {
  const program = `
    import { untilSignal } from ${JSON.stringify(resolve("src/doors/cli/untilSignal.ts"))};
    process.once("SIGINT", () => process.exit(130));
    process.kill(process.pid, "SIGINT");
    const running = setTimeout(() => process.exit(9), 5000);
    await untilSignal();
    clearTimeout(running);
    console.log("heard");`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", program], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [out, [code]] = await Promise.all([text(child.stdout), once(child, "close") as Promise<[number]>]);
  expect({ code, out }).toEqual({ code: 0, out: "heard\n" });
});
