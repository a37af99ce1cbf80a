import { hrtime } from 'node:process'
import { setTimeout as wait } from 'node:timers/promises'
import { newId } from '../../storage/model/ids.ts'
import type { Session } from '../../storage/model/session.ts'
import { type SessionEvent, sessionEvent } from '../../storage/model/session-events.ts'
import type { Mark } from './demo-script.ts'
import type { StaffClient } from './staff-client.ts'

/** The recorder did not come, or stopped proving itself. */
export class ConductError extends Error {
  override readonly name = 'ConductError'
}

export interface Conducted {
  client: StaffClient
  session: Session
  marks: readonly Mark[]
  /** How many of them stand in the record already: a demo that was cut short goes on behind them. */
  sent: number
  /** Where the media line ends, ms. */
  endMs: number
  onProgress(provenMs: number, endMs: number): void
  signal: AbortSignal
}

const patienceMs = 60_000
const lookEveryMs = 400

/**
 * Conducts a recorded session as its secretary would at the tablet: asks the recorder to start, waits for its proof, marks each thing
 * when the media line reaches it, asks it to stop. Marks carry the script's own place on the line, which is what a tap of a person
 * without delay would have.
 */
export async function conductRecorded(of: Conducted): Promise<void> {
  const { client, session } = of
  await until(of, 'the recorder is connected', async () => (await client.proof(session.slug)).connected)
  // A recorder that was cut short goes on by itself, with its gap stated.
  if (of.sent === 0) await client.command(session.slug, 'start')
  const maker = markMaker(session)
  let sent = of.sent
  let ended = false
  await until(of, 'the recorder reached the end', async (progressed) => {
    const { proof } = await client.proof(session.slug)
    // A recorder that failed starts again by itself; what stands still for too long is told by `until`.
    if (!proof || proof.state === 'asked' || proof.state === 'starting') return false
    ended = proof.state === 'stopped' || (of.sent > 0 && proof.state === 'idle')
    const due = of.marks.filter((mark, index) => index >= sent && (ended || mark.atMs <= proof.mediaMs))
    if (due.length > 0)
      await client.sendEvents(
        session.slug,
        due.map((mark) => maker(mark, mark.atMs)),
      )
    sent += due.length
    of.onProgress(Math.min(proof.provenMs, of.endMs), of.endMs)
    progressed(proof.mediaMs)
    return sent === of.marks.length && (ended || proof.provenMs >= of.endMs)
  })
  if (!ended) await client.command(session.slug, 'stop')
}

/** Marks a session that is held without recording, all at once. */
export async function conductUnrecorded(client: StaffClient, session: Session, marks: readonly Mark[]): Promise<void> {
  const maker = markMaker(session)
  await client.sendEvents(
    session.slug,
    marks.map((mark) => maker(mark)),
  )
}

/** Turns marks into events of one device, counted from 1. */
function markMaker(session: Session): (mark: Mark, mediaMs?: number) => SessionEvent {
  const device = `demo-${newId().slice(-12)}`
  let seq = 0
  return (mark, mediaMs) =>
    sessionEvent.parse({
      v: 1,
      id: newId(),
      session: session.id,
      device,
      seq: ++seq,
      by: { role: 'secretary', id: 'demo' },
      at: { wallMs: Date.now(), monotonicNs: String(hrtime.bigint()), boot: 'demo' },
      ...(mediaMs === undefined ? {} : { mediaMs }),
      ...mark.event,
    })
}

/** Asks until the answer is yes; gives up when nothing moved for a minute. */
async function until(of: Conducted, what: string, ask: (progressed: (at: number) => void) => Promise<boolean>): Promise<void> {
  let last = -1
  let movedAt = Date.now()
  while (
    !(await ask((at) => {
      if (at === last) return
      last = at
      movedAt = Date.now()
    }))
  ) {
    if (Date.now() - movedAt > patienceMs) throw new ConductError(`waited ${patienceMs / 1000} s in vain until ${what}`)
    await wait(lookEveryMs, undefined, { signal: of.signal })
  }
}
