import { setTimeout as sleep } from "node:timers/promises";
import type { Chance } from "../../../src/demo/generate/chanceOf.ts";
import { nodesOf, killIfThere } from "./chainNodes.ts";
import { startMicrotonne, type Ending, type Run } from "./commandLine.ts";
import type { Place } from "./newPlace.ts";
import { MILESTONES, reached, type Milestone } from "./milestones.ts";

/**
 * What dies where the chain runs: the command and its node, in either order, or the command alone, so that
 * its node lives on as an orphan.
 */
const VICTIMS = ["the command alone", "the command, then its node", "its node, then the command"] as const;

/** One kill that met a living process. */
export interface Kill {
  readonly command: string;
  readonly after: Milestone;
  /** Since the milestone. */
  readonly milliseconds: number;
  /** Null where there was no node. */
  readonly victims: (typeof VICTIMS)[number] | null;
}

/** Runs one command in a data folder to its end, through as many kills as are asked for. */
export interface Runner {
  readonly folder: string;
  readonly kills: readonly Kill[];
  run(command: string, words: readonly string[], kills: number): Promise<Ending>;
  /**
   * Kills that were asked for and came too late, since their command had ended well: the next command gets
   * them on top.
   */
  owed(): number;
}

/** Milliseconds from each milestone of a command to its end. */
export type Durations = Map<string, Map<Milestone, number>>;

type Folder = Pick<Place, "folder" | "settings">;

function start({ folder, settings }: Folder, words: readonly string[]): Run {
  return startMicrotonne(["--data", folder, ...words], settings);
}

/** Never kills; notes how long each command works. */
export function patientRunner(place: Folder, durations: Durations): Runner {
  return {
    folder: place.folder,
    kills: [],
    owed: () => 0,
    async run(command, words) {
      const run = start(place, words);
      const times = Promise.all(
        MILESTONES.map(async (milestone) =>
          (await reached(place, run, milestone)) ? [{ milestone, at: performance.now() }] : [],
        ),
      );
      const ending = await run.ending;
      const end = performance.now();
      durations.set(command, new Map((await times).flat().map(({ milestone, at }) => [milestone, end - at])));
      return ending;
    },
  };
}

/**
 * Kills at moments that `chance` draws from the time that the command's work is known to take after one of
 * its milestones.
 */
export function killingRunner(place: Folder, durations: Durations, chance: Chance): Runner {
  const kills: Kill[] = [];
  let owed = 0;

  /** A command that goes on where it was cut has less to do each time: `share` of the known time. */
  const attempt = async (
    command: string,
    words: readonly string[],
    share: number,
  ): Promise<{ ending: Ending; struck: boolean }> => {
    const known = [...(durations.get(command) ?? [])];
    // As often after the last of them as after the first, and once in four times at that very moment: what is
    // stored or sent then is soon done.
    const [after, works] = known[Math.min(chance.between(0, 2), known.length - 1)] ?? ["the data folder", 0];
    const milliseconds = chance.between(0, 3) === 0 ? 0 : chance.between(0, Math.floor(share * works));
    const victims = VICTIMS[chance.between(0, VICTIMS.length - 1)] as (typeof VICTIMS)[number];
    const run = start(place, words);
    if (await reached(place, run, after)) {
      await Promise.race([sleep(milliseconds), run.ending]);
      if (run.isRunning()) {
        const hadNode = await strike(place, run, victims);
        const ending = await run.ending;
        if (ending.killed) kills.push({ command, after, milliseconds, victims: hadNode ? victims : null });
        // It may have ended by itself in the meantime: well, which is its answer, or for want of its node,
        // which is none.
        return { ending, struck: ending.killed || ending.code !== 0 };
      }
    }
    return { ending: await run.ending, struck: false };
  };

  return {
    folder: place.folder,
    kills,
    owed: () => owed,
    async run(command, words, wanted) {
      const enough = kills.length + wanted + owed;
      for (let share = 0.95; kills.length < enough; share *= 0.8) {
        const { ending, struck } = await attempt(command, words, share);
        if (struck) continue;
        owed = enough - kills.length;
        return ending;
      }
      owed = 0;
      return start(place, words).ending;
    },
  };
}

/** Kills a run, and its node where that is wanted; returns whether there was a node. */
async function strike({ folder }: Folder, run: Run, victims: (typeof VICTIMS)[number]): Promise<boolean> {
  const nodes = await nodesOf(folder);
  const killNodes = (): void => {
    for (const { pid } of nodes) killIfThere(pid);
  };
  if (victims === "its node, then the command") killNodes();
  run.kill();
  if (victims === "the command, then its node") killNodes();
  await run.ending;
  return nodes.length > 0;
}
