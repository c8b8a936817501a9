export { keccakEach } from "./each";
export { hmacEach, hmacKey, KEY_STATE } from "./hmac";
export { streamBlocks, streamEnd, STREAM_STATE } from "./stream";
export { leafNodes, parentNodes } from "./sumTree";
export { INPUT, INPUT_BYTES, OUTPUT, OUTPUT_BYTES } from "./window";
