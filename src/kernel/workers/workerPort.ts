import type { SentChunk, SentNodes } from "./leafChunk.ts";

/** A worker, whatever starts it. */
export interface WorkerPort {
  /** Sends a chunk, whose memory goes with it. */
  send(chunk: SentChunk): void;
  /** Whether this worker keeps the process alive; at first it does not. */
  hold(alive: boolean): void;
  end(): Promise<void>;
}

/** Who hears from a worker. */
export interface WorkerListener {
  readonly onAnswer: (answer: SentNodes) => void;
  /** The worker is gone, or an answer could not be read. */
  readonly onError: (error: Error) => void;
}
