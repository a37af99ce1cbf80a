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

/** `Path=/` because the live link has its own path. */
export function cookieOptions(config: Pick<WebConfig, 'publicUrl'>) {
  return { httpOnly: true, sameSite: 'lax', secure: isSecure(config), path: '/' } as const
}

/** The token that a `Cookie` header carries for a council, if it looks like one of ours. */
export function tokenIn(header: string | undefined, council: string, config: Pick<WebConfig, 'publicUrl'>): string | undefined {
  const wanted = `${cookieName(council, config)}=`
  const found = (header ?? '')
    .split(';')
    .map((one) => one.trim())
    .find((one) => one.startsWith(wanted))
  const token = found?.slice(wanted.length)
  return token !== undefined && /^[A-Za-z0-9_-]{43}$/.test(token) ? token : undefined
}

function isSecure(config: Pick<WebConfig, 'publicUrl'>): boolean {
  return config.publicUrl?.startsWith('https:') ?? false
}
