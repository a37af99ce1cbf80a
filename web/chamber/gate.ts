import type { IncomingMessage } from 'node:http'
import { hostname, networkInterfaces } from 'node:os'

/** Names and addresses under which this machine is reached in the chamber's network. Only private ones: nothing else may be vouched for. */
export function ownNames(): string[] {
  const addresses = Object.values(networkInterfaces()).flatMap((list) => list ?? [])
  const own = addresses.filter((one) => one.family === 'IPv4' && isPrivate(one.address)).map((one) => one.address)
  const short = hostname().split('.')[0]?.toLowerCase() ?? ''
  const name = /^[a-z0-9-]{1,63}$/.test(short) && short !== 'localhost' ? [`${short}.local`] : []
  return [...new Set([...own, '127.0.0.1', 'localhost', ...name])]
}

function isPrivate(address: string): boolean {
  return /^(?:10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.)/.test(address)
}

/**
 * Whether a request is of a page of ours: it names us (a foreign name that was made to point here, DNS rebinding, does not), and what changes
 * something comes from our own origin.
 * @returns the status to refuse it with; undefined lets it pass
 */
export function refusalOf(request: IncomingMessage, of: { names: readonly string[]; port: number }): 400 | 403 | 421 | undefined {
  // `//elsewhere/`, or a whole address, would lead who is sent on, or what is relayed, to somebody else's server (RFC 9112 §3.2).
  if (!/^\/(?![/\\])/.test(request.url ?? '')) return 400
  const host = request.headers.host?.toLowerCase() ?? ''
  if (!of.names.some((name) => host === `${name}:${of.port}`)) return 421
  const { origin } = request.headers
  const site = request.headers['sec-fetch-site']
  if (origin !== undefined && origin !== `https://${host}`) return 403
  const reads = request.method === 'GET' || request.method === 'HEAD'
  const upgrades = request.headers.upgrade !== undefined
  if (origin === undefined && (upgrades || !reads)) return 403
  // A page of elsewhere may lead here by a link, and do nothing else.
  const leads = reads && request.headers['sec-fetch-mode'] === 'navigate'
  if (site === 'cross-site' && !leads) return 403
  return undefined
}
