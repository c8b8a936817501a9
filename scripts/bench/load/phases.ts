import type { FloodResult } from "./flood.ts";
import { probe, type Probe, type Waits } from "./probes.ts";
import { closeAndMint, sendRows, startFlood, upload, type Client } from "./works.ts";

/** What the loud tenant does while the quiet one is measured. */
export const PHASES = ["alone", "flood", "upload", "close"] as const;
export type Phase = (typeof PHASES)[number];

export interface PhaseResult {
  /** Of the measurement: the given ones, or fewer where the load was over before. */
  readonly seconds: number;
  readonly waits: Readonly<Record<Probe, Waits>>;
  readonly flood: FloodResult | null;
}

export interface PhaseTerms {
  readonly url: string;
  /** Each round's rows are its own. */
  readonly round: number;
  readonly seconds: number;
  readonly quiet: readonly string[];
  readonly loud: { readonly token: string; readonly client: Client };
  readonly closer: Client;
  readonly floodConnections: number;
  readonly floodRows: number;
  readonly uploadRows: number;
  readonly leaves: number;
}

/** One phase of a round, from a service at rest to a service at rest. */
export async function runPhase(phase: Phase, terms: PhaseTerms): Promise<PhaseResult> {
  const { url, quiet, seconds, round, loud } = terms;
  const measure = async (until?: Promise<unknown>): Promise<Omit<PhaseResult, "flood">> => {
    const start = performance.now();
    const waits = await probe(url, quiet, { seconds, ...(until && { until }) });
    return { waits, seconds: (performance.now() - start) / 1000 };
  };
  if (phase === "alone") return { ...(await measure()), flood: null };
  if (phase === "flood") {
    const flood = await startFlood({
      url,
      token: loud.token,
      sender: `flood-${String(round)}`,
      connections: terms.floodConnections,
      rows: terms.floodRows,
      // Its end comes by word; this is for when none comes.
      seconds: seconds + 30,
    });
    const measured = await measure();
    return { ...measured, flood: await flood.end() };
  }
  if (phase === "upload") {
    const { read } = await upload(loud.client, `upload-${String(round)}`, terms.uploadRows);
    const measured = await measure(read);
    await read;
    return { ...measured, flood: null };
  }
  await sendRows(terms.closer, `close-${String(round)}`, terms.leaves);
  const minted = closeAndMint(terms.closer);
  const measured = await measure(minted);
  await minted;
  return { ...measured, flood: null };
}
