import autocannon from "autocannon";

/** Load that runs: its first answer, its figures once it is over, and how to end it before its time. */
export interface Shooting {
  readonly begun: Promise<void>;
  readonly result: Promise<autocannon.Result>;
  stop(): void;
}

/** Starts load in this thread. */
export function shoot(options: autocannon.Options): Shooting {
  const { promise: result, resolve, reject } = Promise.withResolvers<autocannon.Result>();
  const instance = autocannon(options, (error, figures) => (error ? reject(error) : resolve(figures)));
  const begun = new Promise<void>((heard) => instance.once("response", heard));
  return { begun, result, stop: () => instance.stop() };
}
