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
})

export interface WebConfig {
  host: string
  port: number
  publicUrl?: string
  proxies: number
  requestsPerMinute: number
  /** Folder of files on their way here. Absolute; beside the data, which storage names (`ESCANO_DATA`). */
  uploads: string
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
    ...(read.ESCANO_PUBLIC_URL ? { publicUrl: read.ESCANO_PUBLIC_URL.replace(/\/+$/, '') } : {}),
  }
}

/** Where uploads lie until they are taken: the one who takes them reads the same setting. */
export function uploadsFolder(env: Record<string, string | undefined>): string {
  return join(resolve(env.ESCANO_DATA?.trim() || './data'), 'uploads')
}
