import type { BenchReport, SizeResult } from "../bench/sizeResults.ts";

interface Series {
  readonly name: string;
  readonly colour: string;
  readonly dashed: boolean;
  readonly points: readonly (readonly [leaves: number, rate: number])[];
}

const [WIDTH, HEIGHT, GAP] = [420, 300, 30];
const MARGIN = { left: 80, right: 14, top: 34, bottom: 96 };
const OURS = "#0b7285";
const LIMIT = "#868e96";
const PEERS = ["#e8590c", "#9c36b5", "#2b8a3e"];

/** All reports as one SVG, two charts side by side. */
export function speedChart(reports: readonly BenchReport[]): string {
  const columns = 2;
  const rows = Math.ceil(reports.length / columns);
  const [width, height] = [columns * (WIDTH + GAP), rows * (HEIGHT + GAP)];
  const charts = reports.map((report, i) => {
    const [x, y] = [(i % columns) * (WIDTH + GAP), Math.floor(i / columns) * (HEIGHT + GAP)];
    return `<g transform="translate(${String(x)} ${String(y)})">${chart(report)}</g>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${String(width)} ${String(height)}" \
font-family="system-ui, sans-serif" font-size="11" fill="#212529">
<rect width="100%" height="100%" fill="#fff"/>
${charts.join("\n")}
</svg>
`;
}

/** Rates over leaves, both by powers of ten. */
function chart({ bench, unit, sizesIn = "leaves", sizes }: BenchReport): string {
  const series = seriesOf(sizes);
  const rates = series.flatMap(({ points }) => points.map(([, rate]) => rate));
  const [low, high] = [Math.floor(log(Math.min(...rates))), Math.ceil(log(Math.max(...rates)))];
  const [few, many] = [log(sizes[0]?.leaves ?? 1), log(sizes.at(-1)?.leaves ?? 10)];
  const x = (leaves: number): number => {
    const share = many === few ? 0.5 : (log(leaves) - few) / (many - few);
    return round(MARGIN.left + 20 + share * (WIDTH - MARGIN.left - MARGIN.right - 40));
  };
  const y = (rate: number): number => {
    const room = HEIGHT - MARGIN.top - MARGIN.bottom;
    return round(MARGIN.top + room * (1 - (log(rate) - low) / (high - low)));
  };
  const grid = Array.from({ length: high - low + 1 }, (_, i) => {
    const [at, label] = [y(10 ** (low + i)), countText(10 ** (low + i))];
    const [left, right, edge] = [MARGIN.left, WIDTH - MARGIN.right, MARGIN.left - 6];
    return `<path d="M${String(left)} ${String(at)}H${String(right)}" stroke="#dee2e6"/>\
<text x="${String(edge)}" y="${String(at + 4)}" text-anchor="end">${label}</text>`;
  });
  const ticks = sizes.map(({ leaves }) => {
    const at = `x="${String(x(leaves))}" y="${String(HEIGHT - MARGIN.bottom + 16)}"`;
    return `<text ${at} text-anchor="middle">${countText(leaves)} ${sizesIn}</text>`;
  });
  const lines = series.map(({ colour, dashed, points }) => {
    const path = points.map(([leaves, rate]) => `${String(x(leaves))} ${String(y(rate))}`).join("L");
    const dots = points.map(([leaves, rate]) => {
      return `<circle cx="${String(x(leaves))}" cy="${String(y(rate))}" r="3" fill="${colour}"/>`;
    });
    const dash = dashed ? ' stroke-dasharray="5 4"' : "";
    return `<path d="M${path}" fill="none" stroke="${colour}" stroke-width="2"${dash}/>${dots.join("")}`;
  });
  const keys = series.map(({ name, colour }, i) => {
    const [left, top] = [MARGIN.left + (i % 2) * 165, HEIGHT - MARGIN.bottom + 34 + Math.floor(i / 2) * 17];
    return `<rect x="${String(left)}" y="${String(top)}" width="10" height="10" fill="${colour}"/>\
<text x="${String(left + 15)}" y="${String(top + 9)}">${name}</text>`;
  });
  const heading = `x="${String(MARGIN.left)}" y="18" font-size="14" font-weight="600"`;
  const title = `<text ${heading}>${bench}: ${unit} of processor time</text>`;
  return [title, ...grid, ...ticks, ...lines, ...keys].join("\n");
}

/** Ours, each peer and the limit, a second of processor time: that depends least on who else works there. */
function seriesOf(sizes: readonly SizeResult[]): Series[] {
  const line = (name: string, colour: string, rateOf: (size: SizeResult) => number | undefined): Series => {
    const points = sizes.flatMap((size) => {
      const rate = rateOf(size);
      return rate === undefined ? [] : [[size.leaves, rate] as const];
    });
    return { name, colour, dashed: colour === LIMIT, points };
  };
  const peers = [...new Set(sizes.flatMap((size) => Object.keys(size.peers)))];
  return [
    line("ours", OURS, ({ cpu }) => cpu.ours),
    line("limit", LIMIT, ({ cpu }) => cpu.limit),
    ...peers.map((name, i) => line(name, PEERS[i % PEERS.length] as string, ({ cpu }) => cpu.peers[name])),
  ];
}

const log = (value: number): number => Math.log10(value);
const round = (value: number): number => Math.round(10 * value) / 10;

function countText(count: number): string {
  return count < 1 ? String(count) : count.toLocaleString("en-US");
}
