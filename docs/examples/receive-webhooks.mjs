// Receives webhooks and trusts only those that are signed: node:http and the package `standardwebhooks`,
// nothing of this project.
//
//   WEBHOOK_SECRET=whsec_… PORT=8080 node docs/examples/receive-webhooks.mjs
//
// Prints one line per event. A receiver outside of a local network stands behind TLS.
import { createServer } from "node:http";
import { Webhook } from "standardwebhooks";

const webhook = new Webhook(process.env.WEBHOOK_SECRET);
// In earnest a table with a unique key: webhooks come at least once, and again after a restart.
const seen = new Set();

createServer(async (request, response) => {
  const parts = await Array.fromAsync(request);
  let event;
  try {
    // The bytes as they came, before anybody parses them.
    event = webhook.verify(Buffer.concat(parts), request.headers);
  } catch {
    return response.writeHead(401).end();
  }
  const id = request.headers["webhook-id"];
  if (!seen.has(id)) console.log(event.type, event.sequence, JSON.stringify(event.data));
  seen.add(id);
  response.writeHead(204).end();
}).listen(process.env.PORT, "127.0.0.1", () => console.log("listening"));
