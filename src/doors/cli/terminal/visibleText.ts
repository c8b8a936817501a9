/**
 * Control characters but line end and tab, and those that turn the direction of writing: a terminal would
 * obey them.
 */
// oxlint-disable-next-line no-control-regex
const OBEYED = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g;

/** A text with what a terminal would obey in place of being shown written out: `\u001b` for ESC. */
export function visibleText(text: string): string {
  return text.replaceAll("\r\n", "\n").replace(OBEYED, (sign) => {
    return String.raw`\u` + sign.charCodeAt(0).toString(16).padStart(4, "0");
  });
}
