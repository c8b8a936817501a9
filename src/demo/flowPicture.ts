/** What a demo came to, as its picture shows it; masses in whole milligrams. */
export interface Flow {
  readonly providers: readonly {
    readonly provider: string;
    readonly read: number;
    readonly accepted: number;
    readonly milligrams: bigint;
  }[];
  readonly batch: { readonly leaves: number; readonly total: bigint; readonly buffer: bigint };
  readonly minted: bigint;
  readonly retired: bigint;
  /** What the verifier said, one short line each; true: it agreed, false: it refused, as it should. */
  readonly verdicts: readonly { readonly says: string; readonly agreed: boolean }[];
}

const [WIDTH, TOP, ROOM, BAR] = [900, 70, 260, 22];
const COLUMNS = { provider: 150, batch: 340, minted: 580, retired: 760 } as const;
const PAINT = { flow: "#0b7285", rest: "#adb5bd", good: "#2b8a3e", ink: "#212529", soft: "#495057" } as const;
const GAP = 8;
/** Room that a provider's two lines take. */
const LABEL = 32;

/**
 * The demo's flow of grams as an SVG: a band's height is its mass, the same scale throughout; below it what
 * the verifier said.
 */
export function flowPicture({ providers, batch, minted, retired, verdicts }: Flow): string {
  const scale = (mass: bigint): number =>
    Math.max(1, (Number(mass) / Number(batch.total)) * (ROOM - GAP * (providers.length - 1)));
  const parts: string[] = [];
  let from = TOP;
  let named = 0;
  let into = TOP;
  for (const { provider, read, accepted, milligrams } of providers) {
    const height = scale(milligrams);
    parts.push(
      bar(COLUMNS.provider, from, height, PAINT.flow),
      band([COLUMNS.provider, from], [COLUMNS.batch, into], height),
      label(
        COLUMNS.provider - 8,
        (named = Math.max(from + height / 2, named + LABEL)),
        provider,
        `${count(accepted)} of ${count(read)} rows`,
      ),
    );
    from += height + GAP;
    into += height;
  }
  const whole = scale(batch.total);
  const [mintedHeight, retiredHeight] = [scale(minted), scale(retired)];
  parts.push(
    bar(COLUMNS.batch, TOP, whole, PAINT.flow),
    band([COLUMNS.batch, TOP], [COLUMNS.minted, TOP], mintedHeight),
    bar(COLUMNS.minted, TOP, mintedHeight, PAINT.flow),
    bar(COLUMNS.minted, TOP + whole + GAP - scale(batch.buffer), scale(batch.buffer), PAINT.rest),
    text(COLUMNS.minted + BAR + 6, TOP + whole + GAP, `buffer ${kilograms(batch.buffer)}`, PAINT.soft),
    band([COLUMNS.minted, TOP], [COLUMNS.retired, TOP], retiredHeight),
    bar(COLUMNS.retired, TOP, retiredHeight, PAINT.good),
    heading(COLUMNS.provider, "ingested", `${String(providers.length)} files`),
    heading(COLUMNS.batch, "one batch, one root", `${count(batch.leaves)} leaves, ${kilograms(batch.total)}`),
    heading(COLUMNS.minted, "minted", kilograms(minted)),
    heading(COLUMNS.retired, "retired", kilograms(retired)),
  );
  const below = Math.max(from, named + LABEL / 2, TOP + whole) + 34;
  for (const [line, { says, agreed }] of verdicts.entries()) {
    const y = below + line * 22;
    const [mark, colour] = agreed ? ["✓", PAINT.good] : ["✗", "#c92a2a"];
    parts.push(text(40, y, mark, colour), text(60, y, says, PAINT.ink));
  }
  const height = Math.ceil(below + verdicts.length * 22);
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${String(WIDTH)} ${String(height)}" \
font-family="system-ui, sans-serif" font-size="13">
<rect width="100%" height="100%" fill="#fff"/>
${parts.join("\n")}
</svg>
`;
}

function bar(x: number, y: number, height: number, colour: string): string {
  const place = `x="${String(x)}" y="${at(y)}"`;
  return `<rect ${place} width="${String(BAR)}" height="${at(height)}" fill="${colour}"/>`;
}

/** From the right of one bar to the left of another, both as high. */
function band(
  [x, y]: readonly [number, number],
  [toX, toY]: readonly [number, number],
  height: number,
): string {
  const [left, right] = [x + BAR, toX];
  const half = String((left + right) / 2);
  const [a, b, c, d] = [at(y), at(toY), at(toY + height), at(y + height)];
  return (
    `<path d="M${String(left)} ${a}C${half} ${a} ${half} ${b} ${String(right)} ${b}V${c}` +
    `C${half} ${c} ${half} ${d} ${String(left)} ${d}Z" fill="${PAINT.flow}" fill-opacity="0.25"/>`
  );
}

function heading(x: number, title: string, says: string): string {
  const bold = `<text x="${String(x)}" y="28" font-weight="600" fill="${PAINT.ink}">${title}</text>`;
  return bold + text(x, 48, says, PAINT.soft);
}

function label(x: number, y: number, title: string, says: string): string {
  const place = `x="${String(x)}" text-anchor="end"`;
  return (
    `<text ${place} y="${at(y)}" fill="${PAINT.ink}">${title}</text>` +
    `<text ${place} y="${at(y + 14)}" font-size="11" fill="${PAINT.soft}">${says}</text>`
  );
}

function text(x: number, y: number, says: string, colour: string): string {
  return `<text x="${String(x)}" y="${at(y)}" fill="${colour}">${says}</text>`;
}

function at(value: number): string {
  return String(Math.round(value * 10) / 10);
}

function count(value: number): string {
  return value.toLocaleString("en-US");
}

/** Rounded down to the gram: it is for the eye. */
function kilograms(mass: bigint): string {
  const grams = mass / 1000n;
  return `${count(Number(grams / 1000n))}.${String(grams % 1000n).padStart(3, "0")} kg`;
}
