import type { PGlite } from "@electric-sql/pglite";

/** What the engine's calls are made of: the compiled Postgres. Not part of its published types. */
interface Compiled {
  _PostgresMainLoopOnce(): void;
  _PostgresSendReadyForQueryIfNecessary(): unknown;
  _pgl_pq_flush(): unknown;
  stackRestore(at: number): void;
}

/** Thrown from every call of an engine that has ended. */
export class EngineEnded extends Error {}

/**
 * Makes an engine's end known. Postgres ends itself where its log can't be written (a full disk, a limit on
 * the size of files); PGlite 0.5 passes that over and calls it again, without end and without ever giving
 * the thread back. From then on every call throws, and the files are as after a crash: a new engine recovers
 * them.
 * @returns whether it has ended
 */
export function mortalEngine(engine: PGlite): () => boolean {
  const { mod, POSTGRES_MAIN_LONGJMP: longJump } = engine as unknown as {
    readonly mod: Compiled;
    readonly POSTGRES_MAIN_LONGJMP: number;
  };
  let ended = false;
  const once = mod._PostgresMainLoopOnce.bind(mod);
  const restore = mod.stackRestore.bind(mod);
  for (const name of ["_PostgresSendReadyForQueryIfNecessary", "_pgl_pq_flush"] as const) {
    const call = mod[name].bind(mod);
    mod[name] = () => ended || call();
  }
  mod._PostgresMainLoopOnce = () => {
    // Called once more, the compiled code may never come back.
    if (ended) throw new EngineEnded("The embedded database has ended itself.");
    try {
      once();
    } catch (thrown) {
      // Errors of statements jump back into the loop; whatever else comes out of it is the end.
      if ((thrown as { status?: unknown }).status !== longJump) ended = true;
      throw thrown;
    }
  };
  mod.stackRestore = (at) => {
    if (ended) throw new EngineEnded("The embedded database has ended itself.");
    restore(at);
  };
  return () => ended;
}
