import { generateKeyPairSync } from 'node:crypto'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openAgentIdentity } from '../../recorder/agent-identity.ts'
import { type Rest, rested, restProof, resumed, sealed, unsealed } from '../../recorder/closed-rest.ts'
import { SessionAgent } from '../../recorder/session-agent.ts'
import { readSpoolState, writeSpoolState } from '../../recorder/spool-state.ts'
import { councilId, eventId, newId, recorderId, sessionId } from '../../storage/model/ids.ts'
import type { Ffmpeg } from '../../storage/programs/ffmpeg.ts'

const [a, b] = [eventId.parse(newId()), eventId.parse(newId())]
const records: Rest = { wanted: 'recording', restCause: 'paused', closings: [] }
const closed = (closing = a) => ({ cause: 'closed-part', closing }) as const
/** What it holds after each change, in order; one that changes nothing leaves it. */
function after(...changes: ((before: Rest) => Partial<Rest> | undefined)[]): Rest {
  const rest = { ...records }
  for (const change of changes) Object.assign(rest, change(rest))
  return rest
}
const restsFor = (...marks: (typeof a)[]) => after(...marks.map((mark) => (of: Rest) => rested(of, closed(mark))))
const sealsFor = (...marks: (typeof a)[]) => after(...marks.map((mark) => (of: Rest) => sealed(of, ['age1x'], mark)))

test('R17: a rest is ended by who knows every closed part that it is for, and by a person; by nobody else', () => {
  expect(restsFor(a)).toEqual({ wanted: 'paused', restCause: 'closed-part', closings: [a] })
  expect(restsFor(a, b, a).closings).toEqual([a, b])
  for (const knowing of [[], [a], [b]]) expect(resumed(restsFor(a, b), knowing)).toBeUndefined()
  for (const knowing of [[a, b], [b, a], undefined])
    expect({ ...restsFor(a, b), ...resumed(restsFor(a, b), knowing) }).toEqual({ ...records })
  // Said twice it is said once; what a recorder that records is told of the end of a closed part is nothing.
  expect(rested(restsFor(a), closed())).toBeUndefined()
  expect(resumed(records, [a])).toBeUndefined()
})

test('R17: what is encrypted is encrypted until who knows every closed part says that they are over; a person who goes on does not end it', () => {
  expect(sealsFor(a, b)).toMatchObject({ wanted: 'recording', sealTo: ['age1x'], closings: [a, b] })
  expect(unsealed(sealsFor(a, b), [a])).toBeUndefined()
  expect({ ...sealsFor(a, b), ...unsealed(sealsFor(a, b), [a, b]) }).toEqual({ ...records, sealTo: undefined })
  const went = after(
    () => sealsFor(a),
    (of) => rested(of, {}),
    (of) => resumed(of),
  )
  expect(went).toEqual(sealsFor(a))
  expect(unsealed(records, [a])).toBeUndefined()
  // Both, since it could not be encrypted any more: each is ended, and the names last until the last of them.
  const both = after(
    () => sealsFor(a),
    (of) => rested(of, closed(b)),
  )
  const half = { ...both, ...unsealed(both, [a, b]) }
  expect(half).toMatchObject({ wanted: 'paused', restCause: 'closed-part', closings: [a, b] })
  expect({ ...half, ...resumed(half, [a, b]) }).toEqual({ ...records, sealTo: undefined })
})

test('a person’s pause outlives the closed part, and taken back in it leaves the rest, with its name', () => {
  const paused = after(
    () => restsFor(a),
    (of) => rested(of, {}),
  )
  expect(paused).toEqual({ wanted: 'paused', restCause: 'paused', closings: [a] })
  expect(resumed(paused, [a])).toBeUndefined()
  expect(rested(paused, closed())).toBeUndefined()
  expect({ ...paused, ...rested(paused, { ...closed(b), instead: true }) }).toEqual(restsFor(a, b))
  expect({ ...paused, ...resumed(paused) }).toEqual(records)
})

test('what it proves says why it rests and for what, while it does', () => {
  expect([restProof(undefined), restProof(records)]).toEqual([{}, {}])
  expect(restProof(restsFor(a))).toEqual({ rests: 'closed-part', closings: [a] })
  expect(restProof(sealsFor(a))).toEqual({ sealed: true, closings: [a] })
  expect(
    restProof(
      after(
        () => restsFor(a),
        (of) => rested(of, {}),
      ),
    ),
  ).toEqual({ rests: 'paused' })
})

test('R17: for what it rests is on the disk, so that an agent that begins anew, alone, is no easier to persuade', async () => {
  const root = await mkdtemp(join(tmpdir(), 'escano-rest-'))
  const session = sessionId.parse(newId())
  const folder = join(root, session)
  const keyFile = join(root, 'recorder.key')
  await writeFile(keyFile, generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 })
  const enrolled = { recorder: recorderId.parse(newId()), council: councilId.parse(newId()), dir3: 'L01000001' }
  const identity = await openAgentIdentity({ ...enrolled, server: 'http://127.0.0.1:9' }, keyFile)
  // Nothing is recorded: what counts is what is on the disk.
  const ffmpeg = {} as Ffmpeg
  const nothing = () => undefined
  const open = () => SessionAgent.open({ folder, session, identity, ffmpeg, onChange: nothing, onSegments: nothing })
  try {
    await mkdir(folder, { recursive: true })
    await writeSpoolState(folder, { ...records, session, source: 'test:', speed: 1, finished: false })
    {
      await using agent = await open()
      await agent.pause(closed(a))
      await agent.pause(closed(b))
    }
    await using again = await open()
    await again.resume([a])
    expect(await readSpoolState(folder)).toMatchObject({ wanted: 'paused', restCause: 'closed-part', closings: [a, b] })
    await again.resume([a, b])
    expect(await readSpoolState(folder)).toMatchObject({ wanted: 'recording', closings: [] })
  } finally {
    await rm(root, { recursive: true })
  }
})
