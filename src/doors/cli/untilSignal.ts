/**
 * Waits for SIGINT or SIGTERM, and takes them for the time of waiting: work that runs on ends in its own way.
 * A second one ends the process.
 */
export function untilSignal(): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      process.off("SIGINT", end).off("SIGTERM", end);
      process.once("SIGINT", () => process.exit(130)).once("SIGTERM", () => process.exit(143));
      resolve();
    };
    process.removeAllListeners("SIGINT").removeAllListeners("SIGTERM");
    process.on("SIGINT", end).on("SIGTERM", end);
  });
}
