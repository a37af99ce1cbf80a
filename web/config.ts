import { BlockList, isIP } from 'node:net'
import { join, resolve } from 'node:path'
import { z } from 'zod'

/** The settings of the web cannot be used; the message names every mistake. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
}

/** The environment variables of the web. */
export const webEnvironment = z.object({
  ESCANO_WEB_HOST: z.string().min(1).default('127.0.0.1'),
  /** 0 lets the system choose. */
  ESCANO_WEB_PORT: z.coerce.number().int().min(0).max(65_535).default(8080),
  /** Address under which people reach the installation; the bound one when empty. */
  ESCANO_PUBLIC_URL: z.url({ protocol: /^https?$/ }).optional(),
  /** How many reverse proxies stand in front: 0 believes no `X-Forwarded-For`. */
  ESCANO_WEB_PROXIES: z.coerce.number().int().min(0).max(8).default(0),
  /** Requests for pages that one address may make in a minute. */
  ESCANO_WEB_REQUESTS_PER_MINUTE: z.coerce.number().int().min(1).default(600),
  /** Networks of the town hall, as CIDR by commas: from elsewhere a password alone is not enough (R65). Empty takes every network for the town hall's. */
  ESCANO_WEB_CONTROLLED_NETWORKS: z.string().optional().transform(toNetworks),
})

function toNetworks(text: string | undefined, context: z.RefinementCtx): BlockList | undefined {
  if (text === undefined) return undefined
  const networks = new BlockList()
  for (const one of text.split(',').map((part) => part.trim())) {
    const [address = '', bits = isIP(address) === 6 ? '128' : '32'] = one.split('/')
    const family = isIP(address)
    if (family === 0 || !/^\d{1,3}$/.test(bits) || Number(bits) > (family === 6 ? 128 : 32)) {
      context.addIssue({ code: 'custom', message: `expected networks such as 10.20.0.0/16, found «${one}»` })
      return undefined
    }
    networks.addSubnet(address, Number(bits), family === 6 ? 'ipv6' : 'ipv4')
  }
  return networks
}

export interface WebConfig {
  host: string
  port: number
  publicUrl?: string
  proxies: number
  requestsPerMinute: number
  /** Folder of files on their way here. Absolute; beside the data, which storage names (`ESCANO_DATA`). */
  uploads: string
  /** Whether an address is of a controlled zone, where one factor is enough (ENS op.acc.6). */
  isControlled: (address: string | undefined) => boolean
}

/** @throws ConfigError */
export function webConfig(env: Record<string, string | undefined>): WebConfig {
  const known = Object.fromEntries(Object.keys(webEnvironment.shape).map((name) => [name, env[name] === '' ? undefined : env[name]]))
  const parsed = webEnvironment.safeParse(known)
  if (!parsed.success) {
    const mistakes = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`)
    throw new ConfigError(`the settings of the web cannot be used. ${mistakes.join('; ')}`, { cause: parsed.error })
  }
  const read = parsed.data
  return {
    host: read.ESCANO_WEB_HOST,
    port: read.ESCANO_WEB_PORT,
    proxies: read.ESCANO_WEB_PROXIES,
    uploads: uploadsFolder(env),
    requestsPerMinute: read.ESCANO_WEB_REQUESTS_PER_MINUTE,
    isControlled: (address) => isIn(read.ESCANO_WEB_CONTROLLED_NETWORKS, address),
    ...(read.ESCANO_PUBLIC_URL ? { publicUrl: read.ESCANO_PUBLIC_URL.replace(/\/+$/, '') } : {}),
  }
}

/** Where uploads lie until they are taken: the one who takes them reads the same setting. */
export function uploadsFolder(env: Record<string, string | undefined>): string {
  return join(resolve(env.ESCANO_DATA?.trim() || './data'), 'uploads')
}

function isIn(networks: BlockList | undefined, address: string | undefined): boolean {
  if (networks === undefined) return true
  // A dual-stack socket tells IPv4 addresses as IPv6 ones (RFC 4291 §2.5.5.2).
  const plain = address?.replace(/^::ffff:(?=\d+\.)/i, '') ?? ''
  const family = isIP(plain)
  return family !== 0 && networks.check(plain, family === 6 ? 'ipv6' : 'ipv4')
}
