import { compareBytes, utf8 } from "./bytes.ts";

/** True where each text is above the one before it, by its UTF-8 bytes. */
export function ascends(texts: readonly string[]): boolean {
  return texts.every((text, i) => i === 0 || compareBytes(utf8(texts[i - 1] as string), utf8(text)) < 0);
}
