import type { TenantId } from "../../../base/types/ids.ts";
import type { UnixSeconds } from "../../../base/types/quantities.ts";
import type { Session } from "../engine/database.ts";

export type OperationState = "queued" | "running" | "done" | "failed";

/** Work that outlasts its request. `request`, `result` and `problem` are JSON texts. */
export interface StoredOperation {
  readonly operationId: string;
  readonly kind: string;
  readonly state: OperationState;
  readonly request: string;
  readonly result: string | null;
  readonly problem: string | null;
  readonly createdAt: UnixSeconds;
  readonly finishedAt: UnixSeconds | null;
}

interface Row {
  readonly operation_id: string;
  readonly kind: string;
  readonly state: OperationState;
  readonly request: string;
  readonly result: string | null;
  readonly problem: string | null;
  readonly created_at: bigint;
  readonly finished_at: bigint | null;
}
const COLUMNS = "operation_id, kind, state, request, result, problem, created_at, finished_at";

/** Inserts an operation. Idempotent by id. Returns whether it is new. */
export async function saveOperation(
  db: Session,
  tenant: TenantId,
  operation: Pick<StoredOperation, "operationId" | "kind" | "request" | "createdAt">,
): Promise<boolean> {
  const { operationId, kind, request, createdAt } = operation;
  const rows = await db.query(
    `INSERT INTO operations (tenant, operation_id, kind, request, created_at) VALUES ($1, $2, $3, $4, $5)
     ON CONFLICT DO NOTHING RETURNING 1`,
    [tenant, operationId, kind, request, createdAt],
  );
  return rows.length > 0;
}

export async function findOperation(
  db: Session,
  tenant: TenantId,
  operationId: string,
): Promise<StoredOperation | null> {
  const [row] = await db.query<Row>(
    `SELECT ${COLUMNS} FROM operations WHERE tenant = $1 AND operation_id = $2`,
    [tenant, operationId],
  );
  return row === undefined ? null : operationOf(row);
}

/** Marks an operation as under way, unless it has ended. */
export async function startOperation(db: Session, tenant: TenantId, operationId: string): Promise<void> {
  await db.query(
    "UPDATE operations SET state = 'running' WHERE tenant = $1 AND operation_id = $2 AND state = 'queued'",
    [tenant, operationId],
  );
}

/** Ends an operation, once: with its result, or with the problem that stopped it. */
export async function finishOperation(
  db: Session,
  tenant: TenantId,
  operationId: string,
  end: { readonly result: string } | { readonly problem: string },
  at: UnixSeconds,
): Promise<void> {
  const [result, problem] = "result" in end ? [end.result, null] : [null, end.problem];
  await db.query(
    `UPDATE operations SET state = CASE WHEN $3::text IS NULL THEN 'failed'
     ELSE 'done' END, result = $3, problem = $4, finished_at = $5
     WHERE tenant = $1 AND operation_id = $2 AND state IN ('queued', 'running')`,
    [tenant, operationId, result, problem, at],
  );
}

function operationOf(row: Row): StoredOperation {
  return {
    operationId: row.operation_id,
    kind: row.kind,
    state: row.state,
    request: row.request,
    result: row.result,
    problem: row.problem,
    createdAt: Number(row.created_at) as UnixSeconds,
    finishedAt: row.finished_at === null ? null : (Number(row.finished_at) as UnixSeconds),
  };
}
