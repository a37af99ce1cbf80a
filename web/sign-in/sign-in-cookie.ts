import { createHash, randomBytes } from 'node:crypto'
import type { WebConfig } from '../config.ts'

/** How long a sign-in lasts: a long working day, with the plenary of the evening. */
export const signInLifeMs = 12 * 3_600_000

/** 256 random bits; only its hash is stored, so a stolen database signs nobody in. */
export function newToken(): string {
  return randomBytes(32).toString('base64url')
}

/** SHA-256 of a token, hexadecimal: how a sign-in is found. */
export function tokenHash(token: string): string {
  return createHash('sha256').update(token).digest('hex')
}

/** One cookie for each council (by its id), so that a provincial operator may be in several. `__Host-`: no other host can set it. */
export function cookieName(council: string, config: Pick<WebConfig, 'publicUrl'>): string {
  return `${isSecure(config) ? '__Host-' : ''}escano-${council}`
}

/** The cookie that holds an enrolled tablet's secret. It outlives sign-ins; which sessions it opens is asked of the records each time. */
export function tabletCookieName(council: string, config: Pick<WebConfig, 'publicUrl'>): string {
  return `${isSecure(config) ? '__Host-' : ''}escano-tableta-${council}`
}

/** The cookie that binds a passkey's challenge to the browser that asked for it. */
export function passkeyCookieName(council: string, config: Pick<WebConfig, 'publicUrl'>): string {
  return `${isSecure(config) ? '__Host-' : ''}escano-chave-${council}`
}

/** What browsers let a cookie live at most (RFC 6265bis, §5.5). */
export const tabletCookieLifeMs = 400 * 86_400_000

/** `Path=/` because the live link has its own path. */
export function cookieOptions(config: Pick<WebConfig, 'publicUrl'>) {
  return { httpOnly: true, sameSite: 'lax', secure: isSecure(config), path: '/' } as const
}

/** The token that a `Cookie` header carries for a council, if it looks like one of ours. */
export function tokenIn(header: string | undefined, council: string, config: Pick<WebConfig, 'publicUrl'>): string | undefined {
  return secretIn(header, cookieName(council, config))
}

/** The 256-bit secret in a cookie of this name, if it looks like one of ours. */
export function secretIn(header: string | undefined, name: string): string | undefined {
  const wanted = `${name}=`
  const found = (header ?? '')
    .split(';')
    .map((one) => one.trim())
    .find((one) => one.startsWith(wanted))
  const secret = found?.slice(wanted.length)
  return secret !== undefined && /^[A-Za-z0-9_-]{43}$/.test(secret) ? secret : undefined
}

function isSecure(config: Pick<WebConfig, 'publicUrl'>): boolean {
  return config.publicUrl?.startsWith('https:') ?? false
}
