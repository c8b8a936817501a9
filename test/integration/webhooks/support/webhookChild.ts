/**
 * Sends webhooks until it is killed: `node webhookChild.ts <engine> <place> <tenant> <receiver>`; where the
 * tenant has no endpoint it is made, and an event recorded.
 */
import { ensureTenant } from "../../../../src/adapters/storage/service/ensureTenant.ts";
import { migrate } from "../../../../src/adapters/storage/engine/migrate.ts";
import { openPglite } from "../../../../src/adapters/storage/engine/openPglite.ts";
import { openPostgres } from "../../../../src/adapters/storage/engine/openPostgres.ts";
import { createEndpoint } from "../../../../src/app/webhooks/createEndpoint.ts";
import { listEndpoints } from "../../../../src/adapters/storage/webhooks/endpoints.ts";
import { runWebhooks } from "../../../../src/app/webhooks/runWebhooks.ts";
import { tenantId } from "../../../../src/base/lib/ids.ts";
import { recordCommitted, webhookContext, webhookQueue } from "./webhookBench.ts";

const [engine, place, name, receiver] = process.argv.slice(2) as [string, string, string, string];
const db = engine === "pglite" ? await openPglite(place) : await openPostgres(place);
await migrate(db);
const tenant = tenantId(name);
await ensureTenant(db, tenant);
const context = webhookContext(db, await webhookQueue(db), tenant, [new URL(receiver).host]);
if ((await listEndpoints(context.db, context.tenant)).length === 0) {
  await createEndpoint(context, { url: receiver, eventTypes: null });
  await recordCommitted(db, tenant, "a");
}
await runWebhooks(context);
