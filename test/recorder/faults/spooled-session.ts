import { randomBytes } from 'node:crypto'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { readClock } from '../../../recorder/clock.ts'
import { SegmentSpool } from '../../../recorder/segment-spool.ts'
import { newId } from '../../../storage/model/ids.ts'
import { readReceipts } from '../../../storage/records/journal.ts'
import { MessageKeeper } from '../../../web/agent/keep-message.ts'
import { CredentialCheck } from '../../../web/agent/recorder-credential.ts'
import type { TestStorage } from '../../servers/test-storage.ts'
import type { Chamber } from '../../web/agent/chamber.ts'

/** A session in a spool whose journal the server knows: what is left is to deliver its segments. */
export interface SpooledSession extends AsyncDisposable {
  readonly spool: SegmentSpool
  /** Writes one more segment of random bytes, journals it, and tells the server. */
  add(sizeBytes: number): Promise<void>
  /** What the store and the records hold now, against the journal. */
  look(): Promise<{ segments: number; lost: number; wrong: number; double: number }>
}

export async function openSpooledSession(
  storage: TestStorage,
  chamber: Chamber,
  countObjects: (prefix: string) => Promise<number>,
): Promise<SpooledSession> {
  const folder = await mkdtemp(join(tmpdir(), 'escano-faults-'))
  const { recorder, council } = chamber.enrolment
  const session = storage.session.id
  const known = await new CredentialCheck(storage).verify(chamber.identity.credential('link'), 'link')
  const keeper = new MessageKeeper(storage)
  const spool = await SegmentSpool.open(join(folder, session), { session, recorder })
  let index = 0
  return {
    spool,
    add: async (sizeBytes) => {
      const path = spool.segmentPath({ part: 0, track: 'master', index })
      await mkdir(dirname(path), { recursive: true })
      await writeFile(path, randomBytes(sizeBytes))
      const content = await spool.keepSegment({
        part: 0,
        track: 'master',
        index,
        ptsMs: index * 4000,
        durationMs: 4000,
        clock: readClock(),
        tail: false,
      })
      if (content === undefined) throw new Error('not kept')
      const envelope = { id: newId() as never, seq: index + 1, session, monotonicNs: '1', wallMs: 1, boot: 'b' }
      await keeper.keep(known, { ...envelope, type: 'journal', line: index, content })
      index++
    },
    look: async () => {
      const receipts = await storage.database.inCouncil(council, (tx) => readReceipts(tx, session))
      let [lost, wrong] = [0, 0]
      for (const [leaf, line] of spool.lines.entries()) {
        const receipt = receipts.find((one) => one.line === leaf)
        if (receipt === undefined) lost++
        else if (!('sha256' in line) || (await storage.objects.hash(receipt.key, receipt.version)) !== line.sha256) wrong++
      }
      const objects = await countObjects(`councils/${council}/live/sessions/${session}/`)
      return { segments: index, lost, wrong, double: objects - (index - lost) }
    },
    async [Symbol.asyncDispose]() {
      await spool[Symbol.asyncDispose]()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
