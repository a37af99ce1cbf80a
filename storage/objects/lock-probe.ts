import { LockRefusedError, type RetentionMode } from './object-store.ts'

/** Ways around a lock. `bypass` is a delete that asks to override governance; `downgrade` turns compliance into governance. */
export type LockAttempt = 'delete' | 'bypass' | 'shorten' | 'downgrade'
export type UploadWay = 'single' | 'multipart'

/** What a store must let be tried on it. */
export interface LockAttempts {
  /** Puts a small object and locks it for a minute, the way custody copies are. @throws LockRefusedError */
  putLocked(way: UploadWay, mode: RetentionMode): Promise<{ key: string; version: string }>
  /** Tries to get around the lock. @returns what the store answered when it refused; undefined when it let it happen */
  attempt(kind: LockAttempt, on: { key: string; version: string }): Promise<string | undefined>
  /** Takes away what earlier probes left and is free by now. */
  sweep(): Promise<void>
}

export interface LockFinding {
  way: UploadWay
  mode: RetentionMode
  /** `lock`: the store did not even take the lock. */
  attempt: LockAttempt | 'lock'
  refused: boolean
  answer: string
}

export interface LockProbe {
  /** Documents, manifests, trees, tokens and log may be kept here under COMPLIANCE. */
  compliance: boolean
  /** Media may be kept here under GOVERNANCE: our own credential has no right to bypass it. */
  governance: boolean
  findings: LockFinding[]
}

const attempts: Record<RetentionMode, readonly LockAttempt[]> = {
  compliance: ['delete', 'bypass', 'shorten', 'downgrade'],
  governance: ['delete', 'bypass', 'shorten'],
}

/**
 * Tries to break a lock with the credential the product has (design.md §2 "object lock"). A store where one attempt succeeds, or that
 * drops the lock, does not hold custody.
 * @param on what to try it on; undefined for a store without locks, such as a disk
 */
export async function probeLock(on: LockAttempts | undefined): Promise<LockProbe> {
  if (on === undefined) return { compliance: false, governance: false, findings: [] }
  await on.sweep()
  const findings: LockFinding[] = []
  for (const way of ['single', 'multipart'] as const) {
    findings.push(...(await probeMode(on, way, 'compliance')), ...(await probeMode(on, way, 'governance')))
  }
  const holds = (mode: RetentionMode) => findings.filter((one) => one.mode === mode).every((one) => one.refused)
  return { compliance: holds('compliance'), governance: holds('governance'), findings }
}

/** One attempt is one object: an attempt that succeeds must not spare the next ones. */
async function probeMode(on: LockAttempts, way: UploadWay, mode: RetentionMode): Promise<LockFinding[]> {
  const findings: LockFinding[] = []
  for (const attempt of attempts[mode]) {
    try {
      const answer = await on.attempt(attempt, await on.putLocked(way, mode))
      findings.push({ way, mode, attempt, refused: answer !== undefined, answer: answer ?? 'it was let happen' })
    } catch (error) {
      if (!(error instanceof LockRefusedError)) throw error
      findings.push({ way, mode, attempt: 'lock', refused: false, answer: error.message })
    }
  }
  return findings
}
