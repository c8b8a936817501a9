import type { ProviderId } from "../../base/types/ids.ts";
import type { UnixSeconds } from "../../base/types/quantities.ts";
import type { ReasonCode } from "../../stages/ingest/reasonCodes.ts";
import type { Chance } from "./chanceOf.ts";
import type { CityClock } from "./cityClock.ts";
import type { People } from "./people.ts";
import type { Stations } from "./stationsOf.ts";

/** What all files of one generated day have in common. */
export interface City {
  readonly seed: number;
  readonly clock: CityClock;
  readonly people: People;
  readonly stations: Stations;
}

/** One act as it happened, before a provider writes it down. */
export interface Act {
  /** Row of the file that reports it first, from 0; its record id is made of this. */
  readonly row: number;
  readonly person: number;
  readonly startedAt: UnixSeconds;
  /** Not before `startedAt`. */
  readonly endedAt: UnixSeconds;
  /** Whole metres, trips or watt-hours, > 0. */
  readonly amount: number;
}

/**
 * A way to spoil a row of which only one thing is wrong, and what ingest must say to it. `Parts`: a row
 * before it becomes text.
 */
export interface Flaw<Parts> {
  readonly code: ReasonCode;
  /** Of a thousand rows of the file, so many are spoiled in this way; at least one, where there is room. */
  readonly perMille: number;
  /** The spoiled row's text. */
  readonly spoil: (parts: Parts) => string;
}

/** How often a provider tells the same twice, in thousandths of its rows. */
export interface Repeats {
  /** The same record once more. */
  readonly replay: number;
  /** The same act under another record id. */
  readonly sameContent: number;
  /**
   * No repetition: another act of the same person in the same minute, which becomes part of the same leaf.
   */
  readonly aggregated: number;
}

/** One provider of the generated city: what it sees and how it writes that down. */
export interface Feed<A extends Act, Parts> {
  /** Its profile is called by the same name. */
  readonly provider: ProviderId;
  readonly file: string;
  /** For people: what the file's format is. */
  readonly format: string;
  readonly encoding: "utf-8" | "gbk";
  readonly gzip: boolean;
  /** What stands before the first row. */
  readonly opening: string;
  /** Its stream of chance; no two feeds share one. */
  readonly stream: number;
  /** See `personOfRow`. */
  readonly phase: number;
  readonly repeats: Repeats;
  readonly flaws: readonly Flaw<Parts>[];
  /** An act on top of who acts and when. */
  readonly draw: (base: Pick<Act, "row" | "person" | "startedAt">, chance: Chance) => A;
  readonly parts: (act: A) => Parts;
  /** The row's text, without its line end. */
  readonly line: (parts: Parts) => string;
  /** What the act saves by the methodology of the city: whole milligrams, rounded down, in safe integers. */
  readonly milligramsDown: (act: A) => number;
}

/** `<letter><yyyymmdd>-<row, from 1>`: ascending within a file, never twice. */
export function recordIdOf(letter: string, date: string, row: number): string {
  return `${letter}${date.replaceAll("-", "")}-${String(row + 1).padStart(9, "0")}`;
}
