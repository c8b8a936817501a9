/** The command that the arguments name, behind the options that all share; null where they name none. */
export function wantedCommand(args: readonly string[]): string | null {
  const words: string[] = [];
  for (let at = 0; at < args.length; at += 1) {
    const word = args[at] as string;
    if (word === "--data") at += 1;
    else if (!word.startsWith("-")) words.push(word);
  }
  const [first = null, second = null] = words;
  return first === "help" ? second : first;
}
