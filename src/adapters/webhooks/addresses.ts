/** Which machines a webhook may reach. Names are looked up here, and the connection goes to what was looked at: a name that changes in between gains nothing. */
import { lookup } from "node:dns"
import { BlockList, isIP, type LookupFunction } from "node:net"

const loopback = new BlockList()
loopback.addSubnet("127.0.0.0", 8, "ipv4")
loopback.addAddress("::1", "ipv6")

/** Not on the public internet: IANA's special-purpose registries. */
const special = new BlockList()
for (const [net, bits] of [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.0.0.0", 24],
  ["192.0.2.0", 24],
  ["192.168.0.0", 16],
  ["198.18.0.0", 15],
  ["198.51.100.0", 24],
  ["203.0.113.0", 24],
  ["224.0.0.0", 3],
] as const)
  special.addSubnet(net, bits, "ipv4")
for (const [net, bits] of [
  ["::", 96],
  ["64:ff9b::", 96],
  ["64:ff9b:1::", 48],
  ["100::", 64],
  ["2001::", 23],
  ["2001:db8::", 32],
  ["2002::", 16],
  ["fc00::", 7],
  ["fe80::", 10],
  ["fec0::", 10],
  ["ff00::", 8],
] as const)
  special.addSubnet(net, bits, "ipv6")

/** http goes to this machine alone; https to this machine and the internet; to private networks only when the person said so. */
export function mayReach(address: string, secure: boolean, privateAddresses: boolean): boolean {
  const family = isIP(address) === 6 ? "ipv6" : "ipv4"
  if (isIP(address) === 0) return false
  if (loopback.check(address, family)) return true
  if (!secure) return false
  return privateAddresses || !special.check(address, family)
}

export class UnreachableAddress extends Error {
  constructor(host: string, address: string) {
    super(`${host} is ${address}, where webhooks may not go`)
    this.name = "UnreachableAddress"
  }
}

/** For `http.request`: gives only addresses that may be reached. One that may not is enough to refuse the name. */
export function guardedLookup(secure: boolean, privateAddresses: boolean): LookupFunction {
  return (host, options, done) => {
    lookup(host, { ...options, all: true }, (error, found) => {
      if (error !== null) return done(error, "", 4)
      const wrong = found.find(({ address }) => !mayReach(address, secure, privateAddresses))
      const [first] = found
      if (wrong !== undefined || first === undefined) return done(new UnreachableAddress(host, wrong?.address ?? "nowhere"), "", 4)
      if (options.all === true) done(null, found)
      else done(null, first.address, first.family)
    })
  }
}
