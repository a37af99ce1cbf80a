import { io, type Socket } from 'socket.io-client'
import { newId } from '../../../storage/model/ids.ts'
import { putAccount } from '../../../storage/records/accounts.ts'
import { hashPassword } from '../../../web/sign-in/password-hash.ts'
import { type PublishedSession, putPublishedSession } from '../../servers/published-session.ts'
import type { TestStorage } from '../../servers/test-storage.ts'
import { password, signIn } from '../control/chamber.ts'
import { ScriptedRecorder } from '../control/scripted-recorder.ts'

/** A session that runs: segments of the sample in the store, a recorder that proves itself, and the tablet that leads, with its heartbeat. */
export interface LiveChamber extends AsyncDisposable {
  of: PublishedSession
  cookie: string
  /** The tablet goes without a line. */
  loseTablet(): void
}

/** @param recordedForMs how long ago it began, by the real clock */
export async function openLiveChamber(
  storage: TestStorage,
  address: string,
  wishes: { slug: string; seconds: number; recordedForMs: number },
): Promise<LiveChamber> {
  const identity = ScriptedRecorder.identity()
  const of = await putPublishedSession(storage, {
    ...{ slug: wishes.slug, seconds: wishes.seconds, published: false, verified: false, stage: 'recording', running: true },
    ...{ convenedFor: Date.now() - wishes.recordedForMs, recorder: identity },
  })
  const passwordHash = await hashPassword(password)
  await storage.database.inCouncil(of.council.id, (tx) =>
    putAccount(tx, { id: newId(), login: 'secretaria', name: 'Noela', role: 'secretary', passwordHash }),
  )
  const cookie = (await signIn(address, wishes.slug, 'secretaria')) ?? ''
  const recorder = await ScriptedRecorder.dial(storage, of.council.id, address, identity)
  recorder.session = of.session.id
  recorder.begin()
  const tablet: Socket = io(`${address}/sala`, {
    ...{ forceNew: true, extraHeaders: { cookie } },
    auth: { council: wishes.slug, session: of.session.slug, device: 'tablet-leads' },
  })
  await new Promise<void>((resolve, reject) => {
    tablet.once('connect', () => resolve())
    tablet.once('connect_error', reject)
  })
  const beat = () => new Promise<void>((resolve) => tablet.emit('clock', { waits: false }, () => resolve()))
  await beat()
  const beating = setInterval(() => void beat(), 500)
  return {
    ...{ of, cookie },
    loseTablet: () => {
      clearInterval(beating)
      tablet.disconnect()
    },
    async [Symbol.asyncDispose]() {
      clearInterval(beating)
      tablet.disconnect()
      await recorder[Symbol.asyncDispose]()
    },
  }
}
