import { describe, expect, it } from 'vitest'
import { memoryReader } from '../../../minutes/verify/export-reader.ts'
import { verifyExport } from '../../../minutes/verify/verify-export.ts'
import { exportPath } from '../../../storage/custody/export-layout.ts'
import { documentBytes, exportContents, parseDocument } from '../../../storage/custody/manifests.ts'
import { sha256Now, toHex } from '../../../storage/custody/sha256.ts'
import type { Trust } from '../../../storage/custody/trust.ts'

export type Files = Map<string, Uint8Array>

interface Forgery {
  title: string
  /** File that is touched; the first whose path begins so. */
  path: string
  /** Code that must name it. */
  code: string
  /** Code that still finds it when contents.json was made to agree; the same by default. */
  relisted?: RegExp
  change?: (bytes: Uint8Array, files: Files) => Uint8Array
}

/** One byte in the middle, another one. */
function flipped(bytes: Uint8Array, at = Math.floor(bytes.length / 2)): Uint8Array {
  const other = new Uint8Array(bytes)
  other[at] = (other[at] ?? 0) ^ 1
  return other
}

/** A byte of the zeros behind the last CMS, inside its /Contents. */
function flippedPadding(pdf: Uint8Array): Uint8Array {
  const text = new TextDecoder('latin1').decode(pdf)
  const padded = text.lastIndexOf('0'.repeat(64))
  const other = new Uint8Array(pdf)
  other[padded + 20] = 0x31
  return other
}

/**
 * A byte of the SHA-256 that a signature or time-stamp is over. Elsewhere in a CMS a byte may lie in a certificate that came along unasked,
 * which nothing signs and nobody needs.
 */
function flippedDigest(of: string) {
  return (cms: Uint8Array, files: Files): Uint8Array => {
    const digest = toHex(sha256Now(files.get(of) ?? new Uint8Array()))
    return flipped(cms, toHex(cms).indexOf(digest) / 2)
  }
}

function changed(forgery: Forgery, path: string, files: Files): Uint8Array {
  const bytes = files.get(path) ?? new Uint8Array()
  return forgery.change === undefined ? flipped(bytes) : forgery.change(bytes, files)
}

const forgeries: Forgery[] = [
  { title: 'a segment', path: exportPath.segments, code: 'segments' },
  { title: 'master.mp4', path: exportPath.master, code: 'master' },
  { title: 'the transcript', path: exportPath.transcript, code: 'transcript' },
  { title: 'the captions', path: 'captions.', code: 'captions' },
  { title: 'the events', path: exportPath.events, code: 'events' },
  { title: 'the blocks', path: exportPath.blocks, code: 'acta-blocks' },
  { title: 'acta.pdf', path: exportPath.acta, code: 'acta-pdf', relisted: /^pdf-/ },
  {
    title: 'the padding of /Contents in acta.pdf',
    path: exportPath.acta,
    code: 'acta-pdf',
    relisted: /^pdf-/,
    change: flippedPadding,
  },
  { title: 'the recording manifest', path: exportPath.recordingManifest, code: 'recording-manifest' },
  { title: 'the acta manifest', path: exportPath.actaManifest, code: 'acta-manifest' },
  {
    title: "the council's seal",
    path: exportPath.recordingSeal,
    code: 'recording-seal',
    change: flippedDigest(exportPath.recordingManifest),
  },
  { title: 'tree.json', path: exportPath.tree, code: 'tree', relisted: /^(tree|heads|head-tokens)$/ },
  { title: 'the journal', path: exportPath.journal, code: 'journal' },
  { title: 'a tile of the log', path: 'log/tile/0/', code: 'log' },
  { title: 'a bundle of log entries', path: 'log/tile/entries/', code: 'log' },
  { title: 'the checkpoint', path: exportPath.checkpoint, code: 'log', relisted: /^(log-checkpoint|anchor-unknown)$/ },
  {
    title: 'the time-stamp of the checkpoint',
    path: exportPath.checkpointToken,
    code: 'log',
    relisted: /^log-token$/,
    change: flippedDigest(exportPath.checkpoint),
  },
]

/**
 * One byte at a time against an honest export: made in memory, or the demo's own folder read from disk.
 * @param load files of an export that verifies, and the anchors under which it does
 */
export function forgerySuite(name: string, load: () => Promise<{ files: Files; trust: Trust }>): void {
  const verify = async (files: Files, trust: Trust) => verifyExport(memoryReader(files), trust)

  describe(name, () => {
    it('verifies as it is', async () => {
      const { files, trust } = await load()
      const { authentic, checks } = await verify(files, trust)
      expect(checks.filter((one) => !one.ok)).toEqual([])
      expect(authentic).toBe(true)
    })

    it.each(forgeries)('with one byte changed in $title is not authentic, and $code names it', async (forgery) => {
      const { files, trust } = await load()
      const path = pathOf(files, forgery.path)
      const forged = new Map(files).set(path, changed(forgery, path, files))
      const { authentic, checks } = await verify(forged, trust)
      expect(authentic).toBe(false)
      expect(checks.find((one) => one.code === forgery.code && !one.ok)?.detail).toContain(path)
    })

    it.each(forgeries)('with $title changed and contents.json made to agree is still not authentic', async (forgery) => {
      const { files, trust } = await load()
      const path = pathOf(files, forgery.path)
      const forged = relisted(new Map(files).set(path, changed(forgery, path, files)))
      const { authentic, checks } = await verify(forged, trust)
      expect(authentic).toBe(false)
      const failed = checks.filter((one) => !one.ok).map((one) => one.code)
      expect(failed).toContainEqual(expect.stringMatching(forgery.relisted ?? new RegExp(`^${forgery.code}$`)))
      expect(failed).not.toContain('contents')
    })

    it('with a file removed, and with the list made to agree, is not authentic', async () => {
      const { files, trust } = await load()
      for (const path of new Set(forgeries.map((forgery) => pathOf(files, forgery.path)))) {
        const forged = new Map(files)
        forged.delete(path)
        expect((await verify(forged, trust)).authentic).toBe(false)
        expect((await verify(relisted(forged), trust)).authentic, `${path} removed and not listed`).toBe(false)
      }
    })

    it('with a file that nobody lists is not authentic, and contents names it', async () => {
      const { files, trust } = await load()
      const { checks } = await verify(new Map(files).set('recording/segments/extra.ts', new Uint8Array(3)), trust)
      expect(checks.find((one) => one.code === 'contents' && !one.ok)?.detail).toContain('extra.ts')
      const listed = await verify(relisted(new Map(files).set('recording/segments/extra.ts', new Uint8Array(3))), trust)
      expect(listed.checks.find((one) => one.code === 'segments')?.ok).toBe(false)
    })

    it('with two segments swapped is not authentic', async () => {
      const { files, trust } = await load()
      const [first, second] = Array.from(files.keys()).filter((path) => path.startsWith(exportPath.segments))
      if (first === undefined || second === undefined) throw new Error('an export with two segments')
      const forged = new Map(files).set(first, files.get(second) ?? new Uint8Array()).set(second, files.get(first) ?? new Uint8Array())
      const { checks } = await verify(relisted(forged), trust)
      expect(checks.find((one) => one.code === 'segments')?.ok).toBe(false)
    })

    it('is not authentic without anchors, and says that none is known', async () => {
      const { files, trust } = await load()
      const { authentic, checks } = await verify(files, { ...trust, roots: [], tsaRoots: [], logs: [] })
      expect(authentic).toBe(false)
      expect(checks.some((one) => one.code === 'anchor-unknown' && !one.ok)).toBe(true)
    })
  })
}

/** Contents made to agree with the files, as somebody would who can write the whole folder. */
export function relisted(files: Files): Files {
  const contents = parseDocument(exportContents, files.get(exportPath.contents) ?? new Uint8Array())
  const listed = Array.from(files)
    .filter(([path]) => path !== exportPath.contents)
    .map(([path, bytes]) => ({ path, sha256: toHex(sha256Now(bytes)), bytes: bytes.length }))
  return files.set(exportPath.contents, documentBytes(exportContents, { ...contents, files: listed }))
}

function pathOf(files: Files, beginning: string): string {
  const path = Array.from(files.keys()).find((one) =>
    beginning.endsWith('.json') || beginning.startsWith('log/c') ? one === beginning : one.startsWith(beginning),
  )
  if (path === undefined) throw new Error(`the export has no ${beginning}`)
  return path
}
