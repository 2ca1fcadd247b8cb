// Bluesky's own network on loopback: identities, an account server, the app's view of it, as their development
// environment starts them. Says where it is with one line of JSON; ends when its standard input ends.
//
// A line "settle" on standard input is answered with a line "settled" once everything posted is indexed.

import dns from 'node:dns'
import net from 'node:net'
import { createInterface } from 'node:readline'

// Their servers listen on every address of the machine, and call each other `localhost`: both become 127.0.0.1.
dns.setDefaultResultOrder('ipv4first')
const listen = net.Server.prototype.listen
net.Server.prototype.listen = function (where, ...rest) {
  return typeof where === 'number'
    ? listen.call(this, { port: where, host: '127.0.0.1' }, ...rest)
    : listen.call(this, where, ...rest)
}

const { TestNetwork } = await import('@atproto/dev-env')

const network = await TestNetwork.create({
  dbPostgresUrl: process.env.DB_POSTGRES_URL,
  dbPostgresSchema: 'levelhead',
  // Everyone may post as often as a test needs; limits are tried against a fake.
  pds: { hostname: 'localhost', enableDidDocWithSession: true, rateLimitsEnabled: false },
})
console.log(JSON.stringify({ pds: network.pds.url, appview: network.bsky.url }))

for await (const line of createInterface({ input: process.stdin })) {
  if (line === 'settle') {
    await network.processAll(20_000)
    console.log('settled')
  }
}
await network.close()
process.exit(0)
