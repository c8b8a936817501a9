import type { Server } from "node:http";
import type { Socket } from "node:net";

/** A connection whose reader takes nothing of what waits for it is ended after so long. */
const STALLED_MILLISECONDS = 60_000;
const LOOK_MILLISECONDS = 5_000;

/** Ends connections whose readers have stopped reading, whatever they are sent. Returns what stops it. */
export function endSlowReaders(
  server: Server,
  { stalled, look } = { stalled: STALLED_MILLISECONDS, look: LOOK_MILLISECONDS },
): () => void {
  const waiting = new Map<Socket, { taken: number; since: number }>();
  const sockets = new Set<Socket>();
  server.on("connection", (socket) => {
    sockets.add(socket);
    socket.once("close", () => {
      sockets.delete(socket);
      waiting.delete(socket);
    });
  });
  const timer = setInterval(() => {
    const now = performance.now();
    for (const socket of sockets) {
      if (socket.writableLength === 0) {
        waiting.delete(socket);
        continue;
      }
      const taken = socket.bytesWritten - socket.writableLength;
      const known = waiting.get(socket);
      if (known?.taken !== taken) waiting.set(socket, { taken, since: now });
      else if (now - known.since >= stalled) socket.destroy();
    }
  }, look).unref();
  return () => clearInterval(timer);
}
