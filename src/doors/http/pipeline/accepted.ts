import type { OperationDescription } from "../../../app/service/operations.ts";
import type { Answer } from "./route.ts";
import { withCause } from "./withCause.ts";

/** 202 with the place where the operation can be looked at. */
export function accepted(operation: OperationDescription): Answer {
  return {
    status: 202,
    headers: { Location: `/v1/operations/${operation.operationId}` },
    json: withCause(operation),
  };
}
