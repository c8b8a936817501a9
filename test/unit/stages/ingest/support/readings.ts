/** What each text is read as, one line a text; texts that are refused stand together. */
export function readings(texts: readonly string[], read: (text: string) => unknown): string {
  const lines: string[] = [];
  const refused: string[] = [];
  for (const text of texts) {
    const value = read(text);
    if (value === null || value === "?" || value === "malformed") refused.push(JSON.stringify(text));
    else lines.push(`${JSON.stringify(text)} ${JSON.stringify(value)}`);
  }
  return [...lines, `refused: ${refused.join(" ")}`].join("\n");
}
/** What is said where a call is refused. */
export const messageOf = (call: () => unknown): string => {
  try {
    call();
    return "taken";
  } catch (error) {
    return (error as Error).message;
  }
};
