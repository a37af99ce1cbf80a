import { UnknownAnchorError } from '../../storage/custody/certificate-path.ts'
import { NoteUnknownKeyError } from '../../storage/custody/signed-note.ts'
import type { Check } from '../../storage/custody/trust.ts'
import type { CheckCode } from './check-codes.ts'

const longestDetail = 500

/** What a verification found so far, in the order of its checks. */
export interface Findings {
  readonly checks: Check[]
  fail(code: CheckCode, detail: string): void
  /**
   * Runs one check; what it returns is the detail of a passed one. Whatever it throws is a finding: hostile bytes may break any reader,
   * and a verifier that stops on them would answer nothing.
   */
  check(code: CheckCode, work: () => Promise<string> | string): Promise<boolean>
  /** Adds checks made elsewhere. */
  add(checks: Check[]): void
}

export function startFindings(): Findings {
  const checks: Check[] = []
  const put = (code: string, ok: boolean, detail: string) => {
    const short = detail.length > longestDetail ? `${detail.slice(0, longestDetail)}…` : detail
    if (!checks.some((one) => one.code === code && one.detail === short)) checks.push({ code, ok, detail: short })
  }
  return {
    checks,
    fail: (code, detail) => put(code, false, detail),
    add: (more) => {
      for (const one of more) put(one.code, one.ok, one.detail)
    },
    async check(code, work) {
      try {
        put(code, true, await work())
        return true
      } catch (error) {
        if (leadsNowhere(error)) put('anchor-unknown', false, `${code}: ${messageOf(error)}`)
        else put(code, false, messageOf(error))
        return false
      }
    },
  }
}

/** Whether an error, or what caused it, is that an anchor is not known here. */
function leadsNowhere(error: unknown): boolean {
  for (let one = error, depth = 0; one instanceof Error && depth < 8; one = one.cause, depth++) {
    if (one instanceof UnknownAnchorError || one instanceof NoteUnknownKeyError) return true
  }
  return false
}

/** What went wrong, with its causes: `the tile…: a tile has 31 bytes`. */
export function messageOf(error: unknown): string {
  const parts: string[] = []
  for (let one = error, depth = 0; one instanceof Error && depth < 4; one = one.cause, depth++) {
    parts.push(one.name === 'ZodError' ? 'a field has not the shape it must have' : (one.message.split('\n')[0] ?? one.name))
  }
  return parts.join(': ') || 'unreadable'
}

/** A check that did not hold; its message is the finding. */
export class CheckFailedError extends Error {
  override readonly name = 'CheckFailedError'
}

/** Throws the finding unless what is expected holds. */
export function expectThat(holds: boolean, finding: string): asserts holds {
  if (!holds) throw new CheckFailedError(finding)
}
