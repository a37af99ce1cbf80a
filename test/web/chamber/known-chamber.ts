import { generateKeyPairSync } from 'node:crypto'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { generateX25519Identity, identityToRecipient } from 'age-encryption'
import { type AgentIdentity, openAgentIdentity } from '../../../recorder/agent-identity.ts'
import type { Council } from '../../../storage/model/council.ts'
import { newId, recorderId } from '../../../storage/model/ids.ts'
import type { Session } from '../../../storage/model/session.ts'
import { type SessionEvent, sessionEvent } from '../../../storage/model/session-events.ts'
import { type ChamberEntry, chamberEntry, type SyncAnswer } from '../../../web/chamber/chamber-protocol.ts'
import { hashPassword } from '../../../web/sign-in/password-hash.ts'
import { councilOf, openedSession } from '../../fixtures/council/marked-session.ts'
import { makeTablet } from './chamber-tablet.ts'

export const pin = '481516'

/** What a chamber's agent has on its disk of a session that runs today, as its server told it before the line went. */
export interface KnownChamber extends AsyncDisposable {
  readonly folder: string
  readonly council: Council
  readonly session: Session
  readonly tablet: Awaited<ReturnType<typeof makeTablet>>
  readonly known: SyncAnswer
  identityAt(server: string): Promise<AgentIdentity>
  began(recording: 'none' | 'restricted', atMs?: number): SessionEvent
  ended(atMs?: number): SessionEvent
  takenBack(event: SessionEvent): SessionEvent
  /** What the page keeps of these marks. */
  entry(...events: SessionEvent[]): Promise<ChamberEntry>
}

/** @param of.agreed the secret debate was voted, so that the law lets it begin */
export async function putKnownChamber(of: { agreed: boolean }): Promise<KnownChamber> {
  const folder = await mkdtemp(join(tmpdir(), 'escano-known-'))
  const council = {
    ...councilOf(3),
    closedPartRecording: 'restricted' as const,
    closedPartKeys: [await identityToRecipient(await generateX25519Identity())],
  }
  const course = openedSession(3, ['ditame'], { council })
  if (of.agreed) course.decide([3, 0, 0], 'approved', { purpose: 'secret-debate', majority: 'absolute' })
  const session = { ...course.session, convenedFor: Date.now() }
  const tablet = await makeTablet()
  const own = { id: tablet.id, key: tablet.key, pinHash: await hashPassword(pin), account: newId(), person: 'Noela' }
  const rows = course.events.map((event, index) => ({ row: index + 1, event }))
  const known: SyncAnswer = {
    ...{ serverMs: Date.now(), slug: 'vilarino', council },
    sessions: [{ session, stage: 'prepared', microphones: false, rows, closedMarks: [] }],
    tablets: [{ ...own, by: { role: 'secretary', id: newId() } }],
  }
  await mkdir(join(folder, 'book'), { recursive: true })
  await writeFile(join(folder, 'book/known.json'), JSON.stringify(known))
  let seq = 0
  const mark = (wallMs: number, fields: object) =>
    sessionEvent.parse({
      ...{ v: 1, id: newId(), session: session.id, device: 'tablet', seq: ++seq, by: { role: 'secretary', id: 'x' } },
      ...{ at: { wallMs, monotonicNs: String(seq), boot: 'b' }, ...fields },
    })
  return {
    ...{ folder, council, session, tablet, known },
    identityAt: async (server) => {
      const keyFile = join(folder, 'recorder.key')
      await writeFile(keyFile, generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 })
      return await openAgentIdentity({ recorder: recorderId.parse(newId()), council: council.id, dir3: council.dir3, server }, keyFile)
    },
    began: (recording, atMs = Date.now()) => mark(atMs, { type: 'closed.began', ground: 'honra', recording }),
    ended: (atMs = Date.now()) => mark(atMs, { type: 'closed.ended' }),
    takenBack: ({ id }) => mark(Date.now(), { type: 'note', text: 'un erro', corrects: id }),
    entry: async (...events) => {
      const body = JSON.stringify({ events })
      const signature = await tablet.sign('marks', session.id, body)
      return chamberEntry.parse({ id: newId(), kind: 'marks', tablet: tablet.id, session: session.id, body, signature })
    },
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true, maxRetries: 5 }),
  }
}
