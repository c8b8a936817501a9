import type { OpenApiDocument } from "./openApiDocument.ts";

/**
 * A page of the OpenAPI document for people: all that is in it, without scripts, so that it needs nothing
 * from anywhere.
 */
export function docsPage(document: OpenApiDocument): string {
  const operations = Object.entries(document.paths ?? {}).flatMap(([path, item]) =>
    METHODS.flatMap((method) => {
      const operation = item?.[method];
      return operation ? [{ path, method, operation }] : [];
    }),
  );
  const tags = [...new Set(operations.flatMap(({ operation }) => operation.tags ?? []))];
  const schemas = Object.entries(document.components?.schemas ?? {});
  const menu = [...tags.map((tag) => link(`tag-${tag}`, tag)), link("schemas", "Schemas")].join(" · ");
  const sections = tags.map((tag) => {
    const own = operations.filter(({ operation }) => operation.tags?.includes(tag));
    return `<h2 id="tag-${text(tag)}">${text(tag)}</h2>${own.map(operationHtml).join("")}`;
  });
  const shapes = schemas.map(
    ([name, schema]) => `<h3 id="schema-${text(name)}">${text(name)}</h3>${json(schema)}`,
  );
  const title = `${text(document.info.title)} API`;
  return `<!doctype html><html lang="en"><head><meta charset="utf-8">\
<meta name="viewport" content="width=device-width">
<title>${title}</title><style>${STYLE}</style></head>\
<body><h1>${title} ${text(document.info.version)}</h1>
${paragraphs(document.info.description ?? "")}\
<p>For programs: <a href="/openapi.json">openapi.json</a> (OpenAPI ${text(document.openapi)}).</p>\
<p>${menu}</p>
${sections.join("")}<h2 id="schemas">Schemas</h2>${shapes.join("")}
</body></html>`;
}

const METHODS = ["get", "post", "put", "patch", "delete"] as const;
type Operation = NonNullable<NonNullable<OpenApiDocument["paths"]>[string]["get"]>;
const STYLE =
  "body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;" +
  "color:#1b1b1b;background:#fff}" +
  "code,pre{font:14px/1.4 ui-monospace,monospace;background:#f3f3f1}" +
  "pre{padding:.6rem;overflow:auto}" +
  "details{margin:.4rem 0;border-left:3px solid #cfd8cf;padding-left:.8rem}" +
  "summary{cursor:pointer}" +
  "b.m{display:inline-block;width:5.2rem;color:#1d6b3a}" +
  "td,th{text-align:left;vertical-align:top;padding:.1rem .8rem .1rem 0}" +
  "a{color:#1d6b3a}";

function operationHtml({
  path,
  method,
  operation,
}: {
  path: string;
  method: string;
  operation: Operation;
}): string {
  const parameters = (operation.parameters ?? []).flatMap((parameter) =>
    "name" in parameter ? [parameter] : [],
  );
  const rows = parameters.map(
    ({ name, in: place, required, description, schema }) =>
      `<tr><td><code>${text(name)}</code></td>` +
      `<td>${text(place)}${required === true ? "" : ", optional"}</td>` +
      `<td>${text(description ?? descriptionOf(schema))}</td></tr>`,
  );
  const body = operation.requestBody && "content" in operation.requestBody ? operation.requestBody : null;
  const answers = Object.entries(operation.responses ?? {}).map(
    ([status, answer]) =>
      `<tr><td>${text(status)}</td><td>${text((answer as { description?: string }).description ?? "")}</td>` +
      `<td>${contentHtml(answer as object)}</td></tr>`,
  );
  const table = rows.length === 0 ? "" : `<table>${rows.join("")}</table>`;
  return `<details id="${text(operation.operationId ?? "")}">\
<summary><b class="m">${text(method.toUpperCase())}</b><code>${text(path)}</code> \
${text(operation.summary ?? "")}</summary>
${paragraphs(operation.description ?? "")}${table}${body ? `<p>Body: ${contentHtml(body)}</p>` : ""}\
<table>${answers.join("")}</table></details>`;
}

function contentHtml(holder: object): string {
  const { content } = holder as { content?: Record<string, { schema?: unknown }> };
  return Object.entries(content ?? {})
    .map(([type, { schema }]) => `<code>${text(type)}</code>${schemaHtml(schema)}`)
    .join(", ");
}

function schemaHtml(schema: unknown): string {
  const { $ref, format } = (schema ?? {}) as { $ref?: string; format?: string };
  if (format === "binary") return "";
  const name = $ref?.split("/").at(-1);
  return name === undefined ? json(schema) : ` ${link(`schema-${name}`, name)}`;
}

function descriptionOf(schema: unknown): string {
  return (schema as { description?: string } | undefined)?.description ?? "";
}

const link = (target: string, label: string): string => `<a href="#${text(target)}">${text(label)}</a>`;
const json = (value: unknown): string => `<pre>${text(JSON.stringify(value, null, 2) ?? "")}</pre>`;
const paragraphs = (prose: string): string =>
  prose
    .split("\n\n")
    .map((part) => `<p>${text(part).replaceAll(/`([^`]+)`/g, "<code>$1</code>")}</p>`)
    .join("");

function text(value: string): string {
  return value
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}
