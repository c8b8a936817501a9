const HEADER = "recordId,subject,scenario,startedAt,endedAt,quantity,unit\n";

/** Rides of some people, one a minute apart, none of one person at once; every fifth names nobody. */
export function rides(from: number, count: number): string {
  const rows = Array.from({ length: count }, (_, i) => {
    const n = from + i;
    const start = new Date(Date.UTC(2025, 5, 18, 1, 0) + n * 60_000);
    const end = new Date(start.getTime() + 400_000);
    return (
      `r${String(n)},${n % 5 === 0 ? "" : `person-${String(n % 7)}`},` +
      `bike,${start.toISOString()},${end.toISOString()},${(1 + (n % 30) / 10).toFixed(1)},km`
    );
  });
  return `${HEADER}${rows.join("\n")}\n`;
}
