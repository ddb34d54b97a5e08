/** Where a webhook may be. What a name stands for is looked at again before each delivery, by whoever delivers. */
import { fault, type Fault } from "../fault.ts"

const urlCharsMax = 2_048

/** The address as it will be used, or why it may not be. */
export function readAddress(text: string): string | Fault {
  const refuse = (why: string, fix: string): Fault => fault("bad-webhook-url", "a webhook cannot be told there", why, fix)
  if (text.length > urlCharsMax) return refuse(`the address has more than ${urlCharsMax} characters`, "use a shorter one")
  if (!URL.canParse(text)) return refuse("it is no address", "write it whole: https://example.com/path")
  const url = new URL(text)
  if (url.protocol !== "https:" && url.protocol !== "http:") return refuse(`${url.protocol} is neither https: nor http:`, "use https")
  if (url.username !== "" || url.password !== "") return refuse("it has a name or password in it", "let the receiver check the signature instead")
  if (url.protocol === "http:" && !isLoopback(url.hostname)) return refuse(`${url.hostname} is another machine, and http would show it everything`, "use https")
  url.hash = ""
  return url.href
}

const isLoopback = (host: string): boolean => host === "localhost" || host === "[::1]" || /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(host)
