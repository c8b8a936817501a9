import type { Command } from "commander";
import { addClaims as importClaims } from "../../../app/claims/addClaims.ts";
import { act } from "../command.ts";
import { EXIT } from "../exitCode.ts";

/** `microtonne claims`: what other registries sold of a meter's energy. */
export function addClaims(program: Command): void {
  const claims = program
    .command("claims")
    .addHelpText("after", "\nExample:\n  microtonne claims add certificates.csv");
  const command = claims
    .command("add")
    .description("Import green certificates, so that their energy counts nowhere else.")
    .argument("<file>", "CSV with a header: meter, from, to, certificate, and maybe mwh")
    .addHelpText(
      "after",
      `
from and to are calendar days, both inclusive; a certificate claims every month that they touch, with \
all of its energy (mwh, 1 where there is no such column).
The meter's number goes to the key service and is kept nowhere. A class of acts or of projects says what \
a certificate does to it: voids (all that generates), lowers, or indifferent. What was admitted first keeps: \
such a certificate is refused by its row, and the exit code is 1.

The file:
  meter,from,to,certificate,mwh
  M-1,2026-01-01,2026-01-31,GEC-0001,1

Example:
  microtonne claims add certificates.csv`,
    );
  act(command, async (run, _options, file = "") => {
    const report = await run.withContext((context) => importClaims(context, file));
    const { read, added, repeated, refused } = report;
    run.io.result(
      report,
      [
        `read ${String(read)}, added ${String(added)}, here already ${String(repeated)}, ` +
          `refused ${String(refused.length)}`,
        ...refused.map(({ row, code, sentence }) => `row ${String(row)} ${code}: ${sentence}`),
      ].join("\n"),
    );
    return refused.length > 0 ? EXIT.checkFailed : undefined;
  });
}
