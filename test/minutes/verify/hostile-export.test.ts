import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type ExportReader, memoryReader, NotAnExportError } from '../../../minutes/verify/export-reader.ts'
import { verifyActa, verifyExport } from '../../../minutes/verify/verify-export.ts'
import { exportPath } from '../../../storage/custody/export-layout.ts'
import { type OpensslAuthority, startOpensslAuthority } from '../../servers/openssl-authority.ts'
import { relisted } from './forgeries.ts'
import { makeSmallExport, type SmallExport } from './small-export.ts'

let authority: OpensslAuthority
let small: SmallExport

beforeAll(async () => {
  authority = await startOpensslAuthority()
  small = await makeSmallExport(authority)
})
afterAll(() => authority[Symbol.asyncDispose]())

const text = (value: string) => new TextEncoder().encode(value)

/** What somebody hostile may put in the place of any file. */
const poisons: [string, (honest: Uint8Array) => Uint8Array][] = [
  ['nothing', () => new Uint8Array()],
  ['half of it', (honest) => honest.slice(0, honest.length / 2)],
  ['it twice', (honest) => Uint8Array.from([...honest, ...honest])],
  ['zeros', () => new Uint8Array(5000)],
  ['random bytes', () => crypto.getRandomValues(new Uint8Array(5000))],
  ['an empty object', () => text('{}')],
  ['null', () => text('null')],
  ['a list', () => text('[]')],
  ['deep JSON', () => text(`${'['.repeat(50_000)}${']'.repeat(50_000)}`)],
  ['__proto__', () => text('{"__proto__":{"v":1},"constructor":null,"v":1}')],
  ['deep ASN.1', () => Uint8Array.from({ length: 20_000 }, (_, at) => (at % 2 === 0 ? 0x30 : 0x80))],
  ['a long ASN.1 length', () => Uint8Array.of(0x30, 0x84, 0xff, 0xff, 0xff, 0xff, 0x02, 0x01)],
]

/** One file of each kind: three segments of a recording are read by the same lines. */
function oneOfEachKind(): string[] {
  const kinds = new Map(Array.from(small.files.keys(), (path) => [path.replaceAll(/\d+/g, '0'), path]))
  kinds.delete(exportPath.contents)
  return [...kinds.values()]
}

describe('A hostile export', () => {
  it.each(poisons)(
    'with %s in the place of a file of any kind gets a report, never an exception, and comes to an end',
    async (_, poison) => {
      for (const path of oneOfEachKind()) {
        const spoilt = relisted(new Map(small.files).set(path, poison(small.files.get(path) ?? new Uint8Array())))
        const { authentic, checks } = await verifyExport(memoryReader(spoilt), small.trust)
        expect(authentic, path).toBe(false)
        expect(checks.some((one) => !one.ok)).toBe(true)
      }
    },
  )

  it.each(poisons)('with %s for contents.json is a recognised export that is not authentic', async (_, poison) => {
    const files = new Map(small.files).set(exportPath.contents, poison(small.files.get(exportPath.contents) ?? new Uint8Array()))
    const { authentic, checks } = await verifyExport(memoryReader(files), small.trust)
    expect(authentic).toBe(false)
    expect(checks.find((one) => one.code === 'contents')?.ok).toBe(false)
  })

  it.each(['../../../etc/passwd', '/etc/passwd', 'a\\..\\b', 'contents.json'])(
    'that lists %j is refused before anything is opened',
    async (path) => {
      const opened: string[] = []
      const honest = memoryReader(small.files)
      const contents = new TextDecoder().decode(small.files.get(exportPath.contents)).replace(`"${exportPath.acta}"`, JSON.stringify(path))
      const reader: ExportReader = {
        ...honest,
        read: async (wanted, most) => {
          opened.push(wanted)
          return wanted === exportPath.contents ? text(contents) : await honest.read(wanted, most)
        },
      }
      expect((await verifyExport(reader, small.trust)).authentic).toBe(false)
      expect(opened).toEqual([exportPath.contents])
    },
  )

  it('whose checkpoint promises a log without end is refused in bounded time', async () => {
    const note = new TextDecoder().decode(small.files.get(exportPath.checkpoint))
    const forged = relisted(new Map(small.files).set(exportPath.checkpoint, text(note.replace(/\n5\n/, '\n900719925474099\n'))))
    const { checks } = await verifyExport(memoryReader(forged), small.trust)
    expect(checks.find((one) => one.code === 'log')?.detail).toContain('900719925474099')
  })

  it('that withholds files though it says it is a custody copy is not authentic', async () => {
    const contents = new TextDecoder().decode(small.files.get(exportPath.contents))
    const withheld = `"withheld":[{"path":"x","reason":"y","sha256":"${'0'.repeat(64)}"}]`
    const files = new Map(small.files).set(exportPath.contents, text(contents.replace('"withheld":[]', withheld)))
    const { checks } = await verifyExport(memoryReader(files), small.trust)
    expect(checks.find((one) => one.code === 'contents')).toMatchObject({ ok: false, detail: expect.stringContaining('withholds nothing') })
  })

  it('of which nothing is known is no export', async () => {
    await expect(verifyExport(memoryReader(new Map([['foto.jpg', new Uint8Array(3)]])), small.trust)).rejects.toThrow(NotAnExportError)
    await expect(verifyExport(memoryReader(new Map()), small.trust)).rejects.toThrow(NotAnExportError)
    const closed = { ...memoryReader(small.files), list: () => Promise.reject(new Error('EACCES')) }
    await expect(verifyExport(closed, small.trust)).rejects.toThrow(NotAnExportError)
  })
})

describe('An acta alone', () => {
  it('verifies by its signatures and names its session', async () => {
    const { authentic, checks } = await verifyActa(small.files.get(exportPath.acta) ?? new Uint8Array(), small.trust)
    expect(checks.filter((one) => !one.ok)).toEqual([])
    expect(authentic).toBe(true)
  })

  it.each(poisons)('that is %s gets a report', async (_, poison) => {
    const { authentic } = await verifyActa(poison(small.files.get(exportPath.acta) ?? new Uint8Array()), small.trust)
    expect(authentic).toBe(false)
  })
})
