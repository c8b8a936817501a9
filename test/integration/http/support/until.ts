import { setTimeout as sleep } from "node:timers/promises";

/** Asks again and again until there is an answer. @throws after `seconds` without one */
export async function until<T>(
  what: string,
  look: () => Promise<T | null | undefined | false> | T | null | undefined | false,
  seconds = 60,
): Promise<T> {
  const deadline = Date.now() + seconds * 1000;
  for (;;) {
    const found = await look();
    if (found !== null && found !== undefined && found !== false) return found;
    if (Date.now() > deadline) throw new Error(`Waited ${String(seconds)} s in vain for ${what}.`);
    await sleep(20);
  }
}
