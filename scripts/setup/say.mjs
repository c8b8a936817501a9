/** One sentence about what set-up is doing, on stderr. @param {string} sentence */
export function say(sentence) {
  process.stderr.write(`set-up: ${sentence}\n`);
}
