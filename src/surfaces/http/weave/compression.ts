/** Answers as brotli or gzip, for those who take them. Streams and small answers go as they are. */
import { promisify } from "node:util"
import { brotliCompress, constants, gzip } from "node:zlib"
import type { MiddlewareHandler } from "hono"

const bytesMin = 1_024
const pack = { br: promisify(brotliCompress), gzip: promisify(gzip) }
/** Listing is asked for again and again: fast counts more than small. */
const quality = { params: { [constants.BROTLI_PARAM_QUALITY]: 4 } }

export function compressed(): MiddlewareHandler {
  return async (context, next) => {
    await next()
    const { res } = context
    if (!(res.headers.get("content-type") ?? "").startsWith("application/json")) return
    context.header("vary", "Accept-Encoding", { append: true })
    const encoding = accepted(context.req.header("accept-encoding") ?? "")
    if (encoding === null) return
    const plain = Buffer.from(await res.arrayBuffer())
    const small = plain.length < bytesMin
    const body = small ? plain : encoding === "br" ? await pack.br(plain, quality) : await pack.gzip(plain)
    context.res = new Response(new Uint8Array(body), res)
    context.res.headers.delete("content-length")
    if (!small) context.res.headers.set("content-encoding", encoding)
  }
}

function accepted(header: string): "br" | "gzip" | null {
  const taken = new Set(
    header
      .split(",")
      .map((one) =>
        one
          .trim()
          .toLowerCase()
          .split(/\s*;\s*/),
      )
      .filter(([, q]) => !/^q=0(\.0*)?$/.test(q ?? ""))
      .map(([name]) => name),
  )
  return taken.has("br") ? "br" : taken.has("gzip") ? "gzip" : null
}
