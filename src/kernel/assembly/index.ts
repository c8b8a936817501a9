export { keccakEach } from "./each";
export { hmacEach, hmacKey, KEY_STATE } from "./hmac";
export { streamBlocks, streamEnd, STREAM_RATE, STREAM_STATE } from "./stream";
export { leafNodes, parentNodes, SUM_TOO_LARGE, ZERO_SIZE } from "./sumTree";
export { INPUT, INPUT_BYTES, OUTPUT, OUTPUT_BYTES } from "./window";
