/** Waits. Without node:timers, because verifiers read chains from browsers too. */
export async function pause(milliseconds: number): Promise<void> {
  await new Promise<void>((resolve) => {
    setTimeout(resolve, milliseconds);
  });
}
