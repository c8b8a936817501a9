/** What a sentence of the command line says to do, as a client of the service does it. */
const COMMANDS: readonly (readonly [command: string, instead: string])[] = [
  ["batch list", "GET /v1/batches"],
  ["batch show", "GET /v1/batches/{batch}"],
  ["batch close", "POST /v1/batches"],
  ["batch package", "GET /v1/batches/{batch}/package"],
  ["mint", "POST /v1/batches/{batch}/mint"],
  ["methodology list", "GET /v1/methodologies"],
  ["methodology show", "GET /v1/methodologies/{methodology}"],
  ["methodology propose", "POST /v1/methodologies"],
  ["provider key list", "GET /v1/provider-keys"],
  ["provider key add", "POST /v1/providers/{provider}/keys"],
  ["profile list", "GET /v1/profiles"],
  ["profile check", "POST /v1/profiles/{name}/check"],
  ["retire", "POST /v1/retirements"],
  ["verify", "GET /v1/archives/{batchId}/manifest.json"],
];

/**
 * All words of the command line that name a command: groups with those of theirs, then commands of one word.
 * A test holds them against the command line's own table, which no service may import.
 */
const GROUPS: readonly (readonly [group: string, deeper: readonly string[]])[] = [
  ["batch", ["archive"]],
  ["behaviour", []],
  ["claims", []],
  ["key", []],
  ["methodology", []],
  ["network", ["participants", "publish"]],
  ["profile", []],
  ["project", []],
  ["provider", ["key"]],
  ["rules", []],
  ["verification", []],
];
const SINGLE = [
  "attest",
  "completion",
  "demo",
  "ingest",
  "mint",
  "prove",
  "retire",
  "serve",
  "sign",
  "verify",
  "work",
];
const NAME = "[a-z][a-z-]*";
const WORDS = [
  ...GROUPS.flatMap(([group, deeper]) => [
    ...deeper.map((second) => `${group} ${second} ${NAME}`),
    `${group} ${NAME}`,
  ]),
  ...SINGLE,
].join("|");
/** Arguments up to where the sentence goes on; a full stop is the sentence's. */
const ARGUMENT = "(?:--[a-z-]+(?: [^\\s,;`)–-][^\\s,;`)]*)?|[^\\s`]*[/A-Z0-9…][^\\s,;`)]*)(?<!\\.)";
const COMMAND = new RegExp(`\`?\\bmicrotonne (${WORDS})(?: ${ARGUMENT})*\`?`, "g");
const OPTIONS: readonly (readonly [RegExp, string])[] = [
  [/name it with --signature if it does not lie beside the file/g, "send it as Microtonne-Signature"],
  [/add it with --optional/g, 'add it with "required": false'],
  [/(?:, )?or raise the cap if the file is to be trusted/g, ""],
  [/--([a-z][a-z-]*)/g, "`$1`"],
];
/** Of what only the command line does. */
const CLI_ONLY = "the service's operator";

/**
 * A sentence of the program in the words of the service: routes in the place of commands and options, and no
 * path of the machine that it runs on.
 * @param folders of the service, whose paths nobody outside is told
 */
export function serviceSentence(sentence: string, folders: readonly string[] = []): string {
  let text = sentence;
  if (/\bmicrotonne |--/.test(text)) text = inRoutes(text);
  for (const folder of folders)
    if (folder.length > 1)
      text = text.replaceAll(new RegExp(`${escaped(folder)}[^\\s"'\`,;)]*`, "g"), "a file of the service");
  return text;
}

function inRoutes(sentence: string): string {
  let text = sentence.replaceAll(COMMAND, (_all, command: string) => {
    const known = COMMANDS.find(([one]) => one === command);
    return known ? known[1] : `${CLI_ONLY} (${command})`;
  });
  for (const [pattern, instead] of OPTIONS) text = text.replaceAll(pattern, instead);
  return text;
}

function escaped(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`);
}
