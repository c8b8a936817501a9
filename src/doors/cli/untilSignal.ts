const SIGNALS = ["SIGINT", "SIGTERM"] as const;

/**
 * Waits for SIGINT or SIGTERM, and takes them for the time of waiting: work that runs on ends in its own way.
 * One that came before, while the process computed and heard nothing, counts too. A second one ends the
 * process. Whoever launched it is told that from here on it ends in its own time.
 */
export function untilSignal(): Promise<void> {
  // Whether anybody is left to be told is all the same.
  process.send?.("up", () => {});
  return new Promise((resolve) => {
    const before = SIGNALS.map((signal) => ({ signal, listeners: process.listeners(signal) }));
    const end = (): void => {
      process.once("SIGINT", () => process.exit(130)).once("SIGTERM", () => process.exit(143));
      process.off("SIGINT", end).off("SIGTERM", end);
      resolve();
    };
    // Never without a listener: Node forgets a signal that is under way when the last one is taken off.
    process.on("SIGINT", end).on("SIGTERM", end);
    for (const { signal, listeners } of before)
      for (const listener of listeners) process.off(signal, listener);
  });
}
