import { posix } from "node:path";
import { codes, importsOf, type Source } from "./importRules.ts";
import { tableRows } from "./markdown.ts";

/** One room of a house under src: a folder of it, or a file that lies in the house itself. */
export interface Room {
  readonly house: string;
  readonly room: string;
  readonly may: readonly string[];
}

/** The table of rooms of src/README.md. */
export function parseRooms(markdown: string): Room[] {
  return tableRows(markdown, ["house", "rooms", "may import"]).flatMap(
    ([houses = "", rooms = "", may = ""]) =>
      codes(houses).flatMap((house) => codes(rooms).map((room) => ({ house, room, may: codes(may) }))),
  );
}

/** Every import between rooms of one house that no row allows; a room without a row is one as well. */
export function forbiddenDoors(sources: readonly Source[], rooms: readonly Room[]): string[] {
  return [...new Set(rooms.map(({ house }) => house))].flatMap((house) =>
    sources
      .filter(({ path }) => path.startsWith(`src/${house}/`) && path.endsWith(".ts"))
      .flatMap(({ path, text }) => {
        const own = roomOf(path, house);
        const row = rooms.find((one) => one.house === house && one.room === own);
        if (!row) return [`${path} lies in no room of the table.`];
        return importsOf(text)
          .filter((specifier) => specifier.startsWith("."))
          .map((specifier) => posix.join(posix.dirname(path), specifier))
          .filter((target) => target.startsWith(`src/${house}/`))
          .filter((target) => ![own, ...row.may].includes(roomOf(target, house)))
          .map((target) => `${path} may not import ${target}: ${house}/${own} has no door to it.`);
      }),
  );
}

/** Rooms from which doors lead back to themselves. */
export function circles(rooms: readonly Room[]): string[] {
  return rooms
    .filter(({ house, room }) => {
      const seen = new Set<string>();
      const next = [room];
      for (let at = next.pop(); at !== undefined; at = next.pop()) {
        const may = rooms.find((one) => one.house === house && one.room === at)?.may ?? [];
        if (may.includes(room)) return true;
        for (const other of may) if (!seen.has(other)) next.push(other);
        for (const other of may) seen.add(other);
      }
      return false;
    })
    .map(({ house, room }) => `${house}/${room}`);
}

function roomOf(path: string, house: string): string {
  return path.slice(`src/${house}/`.length).split("/")[0] as string;
}
