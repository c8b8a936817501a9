import { UsageError } from "../../../base/errors/errors.ts";

/**
 * The hex digits of a 32-byte id or of the beginning of one, lower case, without 0x.
 * @throws UsageError `id.prefix`
 */
export function idPrefix(text: string): string {
  const match = /^(?:0x)?([0-9a-f]{1,64})$/i.exec(text);
  if (match === null) {
    throw new UsageError(
      "id.prefix",
      `${JSON.stringify(text.slice(0, 80))} is no id: give 1 to 64 hex digits, with or without 0x.`,
    );
  }
  return (match[1] as string).toLowerCase();
}
