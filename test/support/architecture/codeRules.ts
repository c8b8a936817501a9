import type { Source } from "./importRules.ts";

const CODE = /^[a-z][A-Za-z0-9-]*\.[a-z][A-Za-z0-9-]*$/;
const FILE_ENDING = /\.(?:csv|ejs|exe|gz|html|js|json|log|mjs|ndjson|ts|tsv|txt|xlsx|yaml|zip)$/;

/** A function that makes an error of `<subject>.<what it is given>`, and which of its arguments that is. */
interface Maker {
  /** Where it is called: everywhere, or only in the file that keeps it to itself. */
  readonly callers: readonly Source[];
  readonly name: string;
  readonly subject: string;
  readonly argument: number;
}

/**
 * The codes that the sources refuse with: literals where an error is made, what is given to functions that
 * put a subject before it, and literals of those subjects elsewhere (tables, constants, unions of types).
 */
export function refusalCodes(files: readonly Source[]): string[] {
  const sources = files.map(({ path, text }) => ({ path, text: withoutComments(text) }));
  const errors = errorClasses(sources);
  const made = sources.flatMap(({ text }) =>
    callsOf(text, `new (?:${errors.join("|")})`).flatMap((given) => codesGiven(given)),
  );
  const direct = made.filter((text) => CODE.test(text));
  const makers = sources.flatMap((source) => makersIn(source, sources, errors));
  const indirect = makers.flatMap(({ callers, name, subject, argument }) =>
    callers.flatMap(({ text }) =>
      callsOf(text, `(?<![.\\w])(?<!function )${name}`)
        .flatMap((given) => literals(given[argument] ?? ""))
        .map((what) => `${subject}.${what}`),
    ),
  );
  const subjects = new Set([...direct, ...indirect].map(subjectOf));
  const elsewhere = sources
    .flatMap(({ text }) => literals(text))
    .filter((text) => CODE.test(text) && !FILE_ENDING.test(text) && subjects.has(subjectOf(text)));
  return [...new Set([...direct, ...indirect, ...elsewhere])].toSorted();
}

/**
 * Those that none of the texts names: whole, or, where a text puts a subject before what it is given
 * (`project.${code}`), as a literal of that text.
 */
export function unnamedCodes(codes: readonly string[], texts: readonly Source[]): string[] {
  const named = new Set(
    texts.flatMap(({ text }) => {
      const beginnings = [...text.matchAll(/`(\w+\.[\w-]*)\$\{\w+\}`/g)].map(([, begun = ""]) => begun);
      return [
        ...(text.match(/[a-z][A-Za-z0-9-]*\.[a-z][A-Za-z0-9-]*/g) ?? []),
        ...beginnings.flatMap((begun) => literals(text).map((what) => begun + what)),
      ];
    }),
  );
  return codes.filter((code) => !named.has(code));
}

/** Literals of the first argument, or of the second behind a status; what a sentence quotes is none. */
function codesGiven([first = "", second = ""]: readonly string[]): string[] {
  return literals(first.includes('"') ? first : second.trim().startsWith("`") ? "" : second);
}

function subjectOf(code: string): string {
  return code.slice(0, code.indexOf("."));
}

/** The tree of errors: whatever extends its root, or what extends that. */
function errorClasses(files: readonly Source[]): string[] {
  const pairs = files.flatMap(({ text }) => [...text.matchAll(/class (\w+) extends (\w+)/g)]);
  const found = new Set(["MicrotonneError"]);
  for (let before = 0; before < found.size;) {
    before = found.size;
    for (const [, name = "", parent = ""] of pairs) if (found.has(parent)) found.add(name);
  }
  return [...found];
}

function makersIn(source: Source, sources: readonly Source[], errors: readonly string[]): Maker[] {
  const { text } = source;
  const functions = [...text.matchAll(/(export )?function (\w+)(?:<[^(]*>)?\(/g)];
  const making = new RegExp(`new (?:${errors.join("|")})\\(\\s*\`(\\w+)\\.\\$\\{(\\w+)\\}\``, "g");
  return [...text.matchAll(making)].map(({ index, 1: subject = "", 2: variable = "" }) => {
    const around = functions.findLast((one) => one.index < index);
    const [head = "", exported, name = ""] = around ?? [];
    const parameters = around === undefined ? [] : argumentsAt(text, around.index + head.length);
    const argument = parameters.findIndex((one) => new RegExp(`^\\s*${variable}\\b`).test(one));
    if (argument < 0) throw new Error(`${name} takes no ${variable}, of which ${subject}.… is made.`);
    const imported = new RegExp(`import [^;]*\\b${name}\\b[^;]* from`);
    const others = exported === undefined ? [] : sources.filter((other) => imported.test(other.text));
    return { callers: [source, ...others], name, subject, argument };
  });
}

/** The arguments of each call of what a pattern names. */
function callsOf(text: string, pattern: string): string[][] {
  return [...text.matchAll(new RegExp(`${pattern}\\(`, "g"))].map((call) =>
    argumentsAt(text, call.index + call[0].length),
  );
}

/** What stands between commas from `start` to the bracket that ends the call. */
function argumentsAt(text: string, start: number): string[] {
  const found: string[] = [];
  let [depth, from] = [0, start];
  for (let at = start; at < text.length; at++) {
    const character = text[at] ?? "";
    if ("\"'`".includes(character)) at = endOfString(text, at);
    else if ("([{".includes(character)) depth++;
    else if (")]}".includes(character) && depth-- === 0) return [...found, text.slice(from, at)];
    else if (character === "," && depth === 0) {
      found.push(text.slice(from, at));
      from = at + 1;
    }
  }
  throw new Error("A call does not end.");
}

function endOfString(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at++) {
    if (text[at] === "\\") at++;
    else if (text[at] === text[start]) return at;
  }
  throw new Error("A string does not end.");
}

function literals(text: string): string[] {
  return [...text.matchAll(/"([^"\\\n]*)"/g)].map(([, inner = ""]) => inner);
}

function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, "").replace(/(^|\s)\/\/.*$/gm, "$1");
}
