/** A number with what it counts: `1 row`, `2 rows`. */
export function counted(count: number | bigint, one: string, many = `${one}s`): string {
  return `${String(count)} ${Number(count) === 1 ? one : many}`;
}
