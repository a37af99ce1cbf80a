import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { entryBytes, type LogEntry, LogError, logOrigin, openCheckpoint, parseEntry, signCheckpoint } from '../../../storage/custody/log.ts'
import { entryBundle, logTiles, parseBundle, readLog, tilePath } from '../../../storage/custody/log-tiles.ts'
import { leafHash, treeRoot } from '../../../storage/custody/merkle-tree.ts'
import { makeNoteKey, noteSigner } from '../../../storage/custody/note-key.ts'
import { signNote } from '../../../storage/custody/signed-note.ts'
import { headText } from '../../../storage/custody/tree-head.ts'

const entry: LogEntry = { v: 1, time: '2026-10-27T20:15:00Z', kind: 'acta-signed', hashes: ['ab'.repeat(32)], ref: 'a session' }
const entriesOf = (count: number) => Array.from({ length: count }, (_, at) => new TextEncoder().encode(`entry ${at}`))

describe('The log of a council', () => {
  it('spells tile paths as C2SP tlog-tiles does', () => {
    expect(tilePath(0, 0)).toBe('tile/0/000')
    expect(tilePath(0, 1234067)).toBe('tile/0/x001/x234/067')
    expect(tilePath(1, 273, 112)).toBe('tile/1/273.p/112')
    expect(tilePath('entries', 1000)).toBe('tile/entries/x001/000')
  })

  it('lies in the tiles that the standard names for 70,000 entries', () => {
    const paths = logTiles(entriesOf(70_000)).map((file) => file.path)
    // The example of tlog-tiles: 256 + 17 full tiles and a partial one of 112, one full of level 1 and a partial of 17, a partial of level 2.
    expect(paths.filter((path) => path.startsWith('tile/0/'))).toHaveLength(274)
    expect(paths).toEqual(expect.arrayContaining(['tile/0/272', 'tile/0/273.p/112', 'tile/1/000', 'tile/1/001.p/17', 'tile/2/000.p/1']))
  })

  it('read back from its tiles gives its entries and refuses any changed byte', async () => {
    const entries = entriesOf(300)
    const files = new Map(logTiles(entries).map((file) => [file.path, file.bytes]))
    expect(await readLog(300, async (path) => files.get(path))).toEqual(entries)
    for (const [path, bytes] of files) {
      const at = path.includes('entries') ? 3 : 20
      const changed = Uint8Array.from(bytes, (byte, place) => (place === at ? byte ^ 1 : byte))
      const read = readLog(300, async (name) => (name === path ? changed : files.get(name)))
      await expect(read).rejects.toThrow(LogError)
      await expect(readLog(300, async (name) => (name === path ? undefined : files.get(name)))).rejects.toThrow(path)
    }
  })

  it('grown in steps leaves the very files of one grown at once', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 300 }), { minLength: 1, maxLength: 4 }), (steps) => {
        const files = new Map<string, Uint8Array>()
        let size = 0
        for (const step of steps) {
          const entries = entriesOf(size + step)
          for (const file of logTiles(entries, size)) {
            expect(files.get(file.path) ?? file.bytes).toEqual(file.bytes)
            files.set(file.path, file.bytes)
          }
          size += step
        }
        for (const file of logTiles(entriesOf(size))) expect(files.get(file.path)).toEqual(file.bytes)
      }),
      { numRuns: 30 },
    )
  })

  it('carries entries of any length to 65,535 bytes in a bundle, and refuses one cut short', () => {
    const entries = [new Uint8Array(), new Uint8Array(65_535).fill(7), Uint8Array.of(1)]
    const bundle = entryBundle(entries)
    expect(parseBundle(bundle, 3)).toEqual(entries)
    expect(() => parseBundle(bundle.slice(0, -1), 3)).toThrow(LogError)
    expect(() => parseBundle(bundle, 2)).toThrow(LogError)
    expect(() => parseBundle(bundle, 4)).toThrow(LogError)
    expect(() => entryBundle([new Uint8Array(65_536)])).toThrow(LogError)
  })

  it('admits only entries of its kinds, in canonical form', () => {
    expect(parseEntry(entryBytes(entry))).toEqual(entry)
    expect(() => parseEntry(new TextEncoder().encode('{"v":1}'))).toThrow()
    expect(() => entryBytes({ ...entry, hashes: ['no hash'] })).toThrow()
    expect(() => entryBytes({ ...entry, person: 'Uxía' } as LogEntry)).toThrow()
  })

  it('signs a checkpoint over its size and root, which opens only under its own name', async () => {
    const key = await makeNoteKey()
    const name = logOrigin('L01270000')
    const signer = await noteSigner(name, key)
    const known = [{ name, publicKey: key.publicKey }]
    const head = await openCheckpoint(await signCheckpoint([entry], signer), known)
    expect(head).toEqual({ origin: 'escano/L01270000', size: 1, root: treeRoot([leafHash(entryBytes(entry))]) })
    const borrowed = await signNote(headText({ ...head, origin: 'escano/L01999999' }), signer)
    await expect(openCheckpoint(borrowed, known)).rejects.toThrow(LogError)
  })
})
