/** The API as one page: no script, nothing from elsewhere. */
import { allOperations } from "../../../protocol/api/registry.ts"

const style =
  "body{font:15px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1a1a1a;background:#fff}" +
  "code{font:13px ui-monospace,monospace;background:#f1f1f1;padding:.1em .3em;border-radius:3px}article{border-top:1px solid #ddd;padding:.6rem 0}" +
  "h3{margin:.2rem 0}p{margin:.3rem 0}@media(prefers-color-scheme:dark){body{color:#ddd;background:#161616}code{background:#2a2a2a}article{border-color:#333}}"

export const docsPolicy = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"

export function docsPage(): string {
  const operations = allOperations.map(
    ([id, of]) =>
      `<article id="${id}"><h3><code>${of.method.toUpperCase()} ${escaped(of.path)}</code></h3><p><strong>${escaped(of.summary)}.</strong> ${marked(of.description)}</p>` +
      `<p>permission <code>${of.permission}</code>${typeof of.cli === "string" ? ` · <code>fleet ${escaped(of.cli)}</code>` : ""}${
        typeof of.mcp === "string" ? ` · MCP <code>${escaped(of.mcp)}</code>` : ""
      }</p></article>`,
  )
  return `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Fleet API</title><style>${style}</style><h1>Fleet API</h1><p>What goes in and out is in <a href="/openapi.json">openapi.json</a>.</p>${operations.join("")}</html>`
}

const escaped = (text: string): string => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;")
const marked = (text: string): string => escaped(text).replaceAll(/`([^`]+)`/g, "<code>$1</code>")
