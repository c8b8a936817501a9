/** The part of autocannon (https://github.com/mcollina/autocannon) that is used here; it ships no types. */
declare module "autocannon" {
  interface Request {
    readonly method: string;
    readonly path: string;
    readonly headers?: Readonly<Record<string, string>>;
    readonly body?: string;
    readonly setupRequest?: (request: Request) => Request;
  }
  interface Options {
    readonly url: string;
    readonly connections: number;
    /** Seconds. */
    readonly duration: number;
    /** Seconds until a request counts as timed out. */
    readonly timeout?: number;
    /**
     * Requests a second over all connections. With it, latencies are corrected for requests that could not be
     * sent in time.
     */
    readonly overallRate?: number;
    readonly requests: readonly Request[];
  }
  interface Result {
    /** Milliseconds. */
    readonly latency: {
      readonly p50: number;
      readonly p97_5: number;
      readonly p99: number;
      readonly max: number;
    };
    readonly requests: { readonly average: number; readonly total: number };
    /** Seconds. */
    readonly duration: number;
    /** Broken connections and timeouts. */
    readonly errors: number;
    readonly non2xx: number;
    readonly "2xx": number;
    readonly statusCodeStats: Readonly<Record<string, { readonly count: number }>>;
  }
  interface Instance {
    stop(): void;
    once(event: "response", heard: () => void): void;
  }
  function autocannon(options: Options, done: (error: Error | null, result: Result) => void): Instance;
  namespace autocannon {
    export type { Request, Options, Result, Instance };
  }
  export = autocannon;
}
