/** Reaches a hub on this machine. */
import { once } from "node:events"
import { connect } from "node:net"
import { streamWire, type Wire, type WireListener } from "../protocol/frames.ts"

/** Rejects when nobody listens at `path`. */
export async function dialSocket(path: string, listener: WireListener): Promise<Wire> {
  const socket = connect(path)
  await once(socket, "connect")
  return streamWire(socket, listener)
}
