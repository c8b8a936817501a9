export { keccakEach, keccakPadded } from "./each";
export { hmacEach, hmacEachKeyed, hmacKey, KEY_STATE } from "./hmac";
export { streamBlocks, streamEnd, STREAM_STATE } from "./stream";
export { leafNodes, parentNodes } from "./sumTree";
export { INPUT, INPUT_BYTES, OUTPUT, OUTPUT_BYTES } from "./window";
