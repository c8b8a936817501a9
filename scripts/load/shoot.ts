import autocannon from "autocannon";

/** Load that runs: its figures once it is over, and how to end it before its time. */
export interface Shooting {
  readonly result: Promise<autocannon.Result>;
  stop(): void;
}

/** Starts load in this thread. */
export function shoot(options: autocannon.Options): Shooting {
  let instance: autocannon.Instance | null = null;
  const result = new Promise<autocannon.Result>((resolve, reject) => {
    instance = autocannon(options, (error, figures) => (error ? reject(error) : resolve(figures)));
  });
  return { result, stop: () => instance?.stop() };
}
