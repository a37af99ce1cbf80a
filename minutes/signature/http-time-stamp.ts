import type { TimeStampAuthority } from '../../storage/custody/time-stamp-authority.ts'

const largestAnswerBytes = 64 * 1024

export interface HttpTimeStampOptions {
  url: string
  /** How the authority knows us. */
  authentication?: { kind: 'none' } | { kind: 'basic'; user: string; password: string }
  /** Default 10 s: a signer is waiting. */
  timeoutMs?: number
}

/**
 * A time-stamp authority behind HTTP (RFC 3161 §3.4).
 * `respond` throws TimeStampUnavailableError: no answer in time, another status than 200, another content type, or an answer over 64 KiB.
 */
export function httpTimeStampAuthority(options: HttpTimeStampOptions): TimeStampAuthority {
  const name = new URL(options.url).host
  const headers: Record<string, string> = { 'content-type': 'application/timestamp-query', accept: 'application/timestamp-reply' }
  if (options.authentication?.kind === 'basic') {
    const { user, password } = options.authentication
    headers.authorization = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`
  }
  return {
    name,
    async respond(request) {
      try {
        const response = await fetch(options.url, {
          method: 'POST',
          headers,
          body: new Uint8Array(request),
          // An authority that sends us elsewhere is not the one that was configured, and would be shown our credentials.
          redirect: 'error',
          signal: AbortSignal.timeout(options.timeoutMs ?? 10_000),
        })
        return await readAnswer(response, name)
      } catch (cause) {
        if (cause instanceof TimeStampUnavailableError) throw cause
        throw new TimeStampUnavailableError(`${name} gave no time-stamp: ${cause instanceof Error ? cause.message : 'unreachable'}`, {
          cause,
        })
      }
    },
  }
}

async function readAnswer(response: Response, name: string): Promise<Uint8Array> {
  const type = response.headers.get('content-type')?.split(';')[0]?.trim().toLowerCase()
  if (response.status !== 200 || type !== 'application/timestamp-reply' || response.body === null) {
    await response.body?.cancel()
    throw new TimeStampUnavailableError(
      `${name} answered status ${response.status}, ${type ?? 'no type'}; expected 200, application/timestamp-reply`,
    )
  }
  const pieces: Uint8Array[] = []
  let size = 0
  for await (const piece of response.body) {
    size += piece.length
    if (size > largestAnswerBytes) throw new TimeStampUnavailableError(`${name} answered more than ${largestAnswerBytes} bytes`)
    pieces.push(piece)
  }
  return new Uint8Array(Buffer.concat(pieces))
}

/** The authority cannot be reached now; what was to be stamped stays as it is and is tried again (study-custody.md §2). */
export class TimeStampUnavailableError extends Error {
  override readonly name = 'TimeStampUnavailableError'
}
