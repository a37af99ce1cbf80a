import { beforeAll, describe, expect, it } from 'vitest'
import { appendLeaf, emptyFrontier } from '../../../storage/custody/frontier.ts'
import {
  expectHeadsAlong,
  HeadError,
  JournalError,
  journalBytes,
  lineLeafHash,
  openHead,
  parseJournal,
  signHead,
  treeOrigin,
} from '../../../storage/custody/journal-tree.ts'
import { treeRoot } from '../../../storage/custody/merkle-tree.ts'
import { makeNoteKey, noteSigner } from '../../../storage/custody/note-key.ts'
import { NoteUnknownKeyError } from '../../../storage/custody/signed-note.ts'
import type { NoteSigner } from '../../../storage/custody/signer.ts'
import type { TreeHead } from '../../../storage/custody/tree-head.ts'
import { newId } from '../../../storage/model/ids.ts'
import { type JournalLine, journalLine } from '../../../storage/model/recording.ts'

const [session, recorder] = [newId(), newId()]
const origin = treeOrigin('L01270000', session, recorder)
const lines: JournalLine[] = Array.from({ length: 9 }, (_, index) =>
  journalLine.parse({
    ...{ v: 1, session, recorder, part: 0, track: 'master', index, sha256: 'ab'.repeat(32), bytes: 1000 + index },
    ...{ ptsMs: index * 4000, durationMs: 4000, wallMs: 1_793_000_000_000, monotonicNs: '18446744073709551615', boot: 'b' },
  }),
)
const leaves = lines.map(lineLeafHash)
let signer: NoteSigner

beforeAll(async () => {
  signer = await noteSigner(origin, await makeNoteKey())
})

describe('A journal', () => {
  it('read back gives its lines and the leaf hashes that the recorder computed', () => {
    const read = parseJournal(journalBytes(lines))
    expect(read.lines).toEqual(lines)
    expect(read.leafHashes).toEqual(leaves)
  })

  it.each([
    ['a last line without end', (text: string) => text.slice(0, -1)],
    ['an empty line', (text: string) => `\n${text}`],
    ['a blank', (text: string) => text.replace(':1', ': 1')],
    ['carriage returns', (text: string) => text.replaceAll('\n', '\r\n')],
    ['a key twice', (text: string) => text.replace('{', '{"boot":"x",')],
    ['a segment of negative length', (text: string) => text.replace('"bytes":1000', '"bytes":-1')],
    ['something else', () => 'ola\n'],
  ])('with %s is refused by line', (_, spoil) => {
    const spoilt = new TextEncoder().encode(spoil(new TextDecoder().decode(journalBytes(lines))))
    expect(() => parseJournal(spoilt)).toThrow(JournalError)
    expect(() => parseJournal(spoilt)).toThrow(/line [19] /)
  })
})

describe('The heads of a recorder', () => {
  const headOf = (size: number): TreeHead => ({ origin, size, root: treeRoot(leaves.slice(0, size)) })

  it('open under its key and its origin, and under no other', async () => {
    const note = await signHead(leaves.slice(0, 5).reduce(appendLeaf, emptyFrontier), signer)
    expect(await openHead(note, origin, [signer.publicKey])).toEqual(headOf(5))
    const stranger = await makeNoteKey()
    await expect(openHead(note, origin, [stranger.publicKey])).rejects.toThrow(NoteUnknownKeyError)
    await expect(openHead(note, treeOrigin('L01270000', newId(), recorder), [signer.publicKey])).rejects.toThrow(NoteUnknownKeyError)
  })

  it('follow one another along the journal, the same one twice included', () => {
    expect(() => expectHeadsAlong([headOf(2), headOf(2), headOf(5), headOf(9)], leaves)).not.toThrow()
  })

  it('that shrink, run ahead or have another root are refused', () => {
    expect(() => expectHeadsAlong([headOf(5), headOf(2)], leaves)).toThrow(HeadError)
    expect(() => expectHeadsAlong([headOf(9)], leaves.slice(0, 8))).toThrow(HeadError)
    expect(() => expectHeadsAlong([headOf(4)], [...leaves].reverse())).toThrow(HeadError)
  })
})
