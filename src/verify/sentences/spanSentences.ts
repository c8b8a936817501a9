import type { OpenedSpan } from "../../format/proofs/openSpans.ts";
import type { JudgedPart } from "../judgement.ts";
import type { Backing } from "../parts/retiredLines.ts";

/** Spans are named one by one up to so many. */
const MAX_NAMED = 4;

/**
 * What was checked of spans. A tree whose unopened nodes lie about their sums leads to its root as well, so
 * that of the leaves between the ends nothing is said but what the tree says of them.
 */
export function spanSentences(part: JudgedPart, spans: readonly OpenedSpan[]): string[] {
  const { batchId, manifest, leaves, line } = part;
  return [
    `Batch ${batchId}: the manifest hashes to this id. ${leafNames(part, spans)} ` +
      `${leaves.length === 1 ? "leads" : "lead"} to its root, total ` +
      `(${manifest.totalMilligrams.toString()} mg) and leaf count (${String(manifest.leafCount)}).`,
    "Day, methodology, scenario class and provider of each leaf shown agree with the manifest, and what is " +
      "shown of their links is unbroken.",
    ...(line?.backing ? backingSentences(part, spans, line, line.backing) : []),
  ];
}

/** What spans leave open. */
export function spansNotChecked(parts: readonly JudgedPart[]): string[] {
  const spans = parts.flatMap((part) => part.spans ?? []);
  if (!spans.some(({ first, last }) => last.index > first.index + 1)) return [];
  return [
    "What the leaves between are: they are not in the file; that their milligrams add up as the tree says " +
      "is what the batch's verifiers attested to. `verify FILE --archive …` reads them.",
  ];
}

function backingSentences(
  { strikes }: JudgedPart,
  spans: readonly OpenedSpan[],
  { start, end }: { readonly start: bigint; readonly end: bigint },
  { leavesByTree, partial, unbacked }: Backing,
): string[] {
  const hasStruck = spans.some(({ first, last }) =>
    strikes.some(({ index }) => index > first.index && index < last.index),
  );
  const count = leavesByTree ?? 0;
  const live = hasStruck ? " that are not struck" : "";
  const who = count === 1 ? `leaf ${places(spans)}` : `the ${String(count)} leaves ${places(spans)}${live}`;
  const range = `the retired milligrams ${start.toString()} to ${(end - 1n).toString()} of the batch`;
  const mass = `${(end - start).toString()} mg`;
  const held =
    unbacked === 0n
      ? `${range} (${mass})`
      : `${(end - start - unbacked).toString()} mg of ${range} (${mass})`;
  return [
    `By the tree, ${who} ${count === 1 ? "holds" : "hold"} ${held}.`,
    ...partial.map(
      ({ index, used, of }) =>
        `Leaf ${String(index)} is used in part: ${used.toString()} of its ${of.toString()} mg.`,
    ),
  ];
}

/** "Leaves 17 and 30016". */
function leafNames({ leaves }: JudgedPart, spans: readonly OpenedSpan[]): string {
  const names = leaves.map(({ index }) => String(index));
  if (names.length === 1) return `Leaf ${listed(names)}`;
  if (spans.length <= MAX_NAMED) return `Leaves ${listed(names)}`;
  const within = `from ${names[0] ?? ""} to ${names.at(-1) ?? ""}`;
  return `${String(names.length)} leaves, the ends of ${String(spans.length)} spans ${within},`;
}

/** "from 17 to 30016". */
function places(spans: readonly OpenedSpan[]): string {
  if (spans.length > MAX_NAMED) return `of these ${String(spans.length)} spans`;
  return listed(
    spans.map(({ first, last }) =>
      first.index === last.index
        ? String(first.index)
        : `from ${String(first.index)} to ${String(last.index)}`,
    ),
  );
}

function listed(names: readonly string[]): string {
  return names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} and ${names.at(-1) ?? ""}`;
}
