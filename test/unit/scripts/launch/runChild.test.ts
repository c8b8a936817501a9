import { spawn } from "node:child_process";
import { once } from "node:events";
import { resolve } from "node:path";
import { text } from "node:stream/consumers";
import { describe, expect, it } from "vitest";

/** A child that hears no signal for five seconds, then says that it is there. */
const DEAF = "const end = Date.now() + 5000; while (Date.now() < end); console.log('it went on')";
/** A service that is up at once, and ends in its own time. */
const UP = `
  process.once("SIGTERM", () => setTimeout(() => { console.log("ended by itself"); process.exit(0); }, 1500));
  process.send("up", () => { console.log("listening"); });
  setTimeout(() => {}, 60_000);`;

/** Launches a child as a service is launched, and sends the launcher a signal when `when` was printed. */
async function launch(child: string, signal: NodeJS.Signals, when: string) {
  const launcher = spawn(
    process.execPath,
    [
      "--input-type=module",
      "-e",
      `import { runChild } from ${JSON.stringify(resolve("scripts/launch/runChild.mjs"))};
       const running = runChild(process.execPath, ["-e", ${JSON.stringify(child)}], {
         spawn: { stdio: "inherit" }, saysUp: true,
       });
       console.log("started");
       process.exitCode = await running;`,
    ],
    { stdio: ["ignore", "pipe", "pipe"] },
  );
  const errors = text(launcher.stderr);
  let out = "";
  let sent = false;
  launcher.stdout.setEncoding("utf8").on("data", (part: string) => {
    out += part;
    if (sent || !out.includes(when)) return;
    sent = true;
    launcher.kill(signal);
  });
  const [code] = (await once(launcher, "close")) as [number];
  return { code, out, errors: await errors };
}

describe("a service's launcher", () => {
  it("answers Ctrl-C while the service starts, and ends it where it hears nothing", async () => {
    const { code, out, errors } = await launch(DEAF, "SIGINT", "started");
    expect(code).toBe(130);
    expect(errors).toContain("Stopping.");
    expect(out).not.toContain("it went on");
  });

  it("leaves a service that said it is up to end in its own time", async () => {
    const { code, out, errors } = await launch(UP, "SIGTERM", "listening");
    expect({ code, errors }).toEqual({ code: 0, errors: "" });
    expect(out).toContain("ended by itself");
  });
});
