import sax from "sax";
import { notXlsx } from "./xlsxZip.ts";

/** What happens on the way through an XML part. Names come without their prefix; text comes in pieces. */
export interface XmlHandlers {
  open?: (name: string, attributes: Readonly<Record<string, string>>) => void;
  close?: (name: string) => void;
  text?: (piece: string) => void;
}

/**
 * Walks through XML that comes in pieces; after each piece it hands over, so that its caller can pass on what
 * it has. External and own entities are not resolved, and the parser bounds every token.
 * @throws InputError `input.xlsx`
 */
export async function* walkXml(pieces: AsyncIterable<string>, handlers: XmlHandlers): AsyncGenerator<void> {
  const parser = new sax.SAXParser(true, {});
  const failed: Error[] = [];
  const text = (piece: string): void => handlers.text?.(piece);
  const listeners: Partial<sax.SAXParser> = {
    onerror: (error) => failed.push(error),
    onopentag: ({ name, attributes }) => handlers.open?.(local(name), attributes as Record<string, string>),
    onclosetag: (name) => handlers.close?.(local(name)),
    ontext: text,
    oncdata: text,
  };
  Object.assign(parser, listeners);
  const check = (): void => {
    // Not the parser's message: it repeats what stands in the file.
    if (failed.length > 0) throw notXlsx("holds XML that can't be read");
  };
  for await (const piece of pieces) {
    parser.write(piece);
    check();
    yield;
  }
  parser.close();
  check();
  yield;
}

/** Reads a whole part, where nothing is passed on before its end. */
export async function readXml(pieces: AsyncIterable<string>, handlers: XmlHandlers): Promise<void> {
  const walk = walkXml(pieces, handlers);
  while ((await walk.next()).done !== true);
}

function local(name: string): string {
  return name.slice(name.indexOf(":") + 1);
}
