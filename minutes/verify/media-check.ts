import { exportPath } from '../../storage/custody/export-layout.ts'
import type { Journal } from '../../storage/custody/journal-tree.ts'
import type { RecordingManifest } from '../../storage/custody/manifests.ts'
import { type GapLine, isSealedLine, isSegmentLine, type SegmentLine, type StoredLine } from '../../storage/model/recording.ts'
import { expectThat, type Findings } from './findings.ts'
import type { HashedFiles } from './hashed-files.ts'

/** How far the end of a segment may lie from the start of the next before it is an interruption: a second of sound lost is heard. */
const longestSeamMs = 1000

/** Segments against the journal, interruptions, preserved master. */
export async function checkMedia(files: HashedFiles, manifest: RecordingManifest, journal: Journal, findings: Findings): Promise<void> {
  const segments = journal.lines.filter(isSegmentLine)
  const sealed = journal.lines.filter(isSealedLine)
  await findings.check('segments', () => {
    expectOrder(segments)
    const withheld = segments.filter((line) => !isShown(files, line))
    const present = Array.from(files.found.keys()).filter((path) => path.startsWith(exportPath.segments)).length
    const extra = present - (segments.length - withheld.length)
    expectThat(extra === 0, `${extra} files among the segments are not in the journal`)
    const shown = segments.length - withheld.length
    const locked = sealed.filter((line) => isShown(files, line)).length
    const lockedFiles = Array.from(files.found.keys()).filter((path) => path.startsWith(exportPath.sealedSegments)).length
    expectThat(lockedFiles === locked, `${lockedFiles - locked} files among the encrypted segments are not in the journal`)
    const closed = sealed.length === 0 ? '' : `; ${sealed.length} encrypted ones of closed parts, ${locked} here, proven by their hash`
    return `${shown} segments as the journal has them${withheld.length > 0 ? `; ${withheld.length} withheld, proven by their hash` : ''}${closed}`
  })
  await findings.check('gaps', () => {
    const stated = journal.lines.filter((line): line is GapLine => 'kind' in line && line.kind === 'gap')
    const asText = (gaps: RecordingManifest['gaps']) =>
      JSON.stringify(gaps.map((gap) => [gap.part, gap.fromMs, gap.toMs, gap.cause, gap.track]))
    expectThat(asText(stated) === asText(manifest.gaps), 'the recording manifest states other gaps than the journal')
    const silent = unstatedGaps(segments, stated)
    expectThat(silent.length === 0, `interruptions that nobody states: ${silent.slice(0, 5).join(', ')}`)
    return stated.length === 0 ? 'no interruption' : `${stated.length} interruptions, all stated`
  })
  await findings.check('master', () => {
    const { sha256, bytes, durationMs } = manifest.master
    const withheld = files.withheld(exportPath.master)
    if (withheld !== undefined) {
      expectThat(withheld === sha256, 'the withheld master is another than the recording manifest names')
      return 'withheld, proven by its hash'
    }
    const found = files.found.get(exportPath.master)
    expectThat(found !== undefined, `${exportPath.master}: is missing`)
    expectThat(
      found.sha256 === sha256 && found.sizeBytes === bytes,
      `${exportPath.master}: has SHA-256 ${found.sha256}, sealed is ${sha256}`,
    )
    return `${durationMs / 1000} s, SHA-256 ${sha256}`
  })
}

/** @throws CheckFailedError a segment is missing or another; false when the copy says that it withholds it */
function isShown(files: HashedFiles, line: StoredLine): boolean {
  const path = isSealedLine(line) ? exportPath.sealed(line) : exportPath.segment(line)
  const withheld = files.withheld(path)
  if (withheld !== undefined) {
    expectThat(withheld === line.sha256, `${path}: withheld under another hash than the journal has`)
    return false
  }
  const found = files.found.get(path)
  expectThat(found !== undefined, `${path}: is missing`)
  expectThat(found.sha256 === line.sha256, `${path}: has SHA-256 ${found.sha256}, the journal has ${line.sha256}`)
  expectThat(found.sizeBytes === line.bytes, `${path}: has ${found.sizeBytes} bytes, the journal has ${line.bytes}`)
  return true
}

/** Within a part and track the segments count 0, 1, 2… in the order of the journal. */
function expectOrder(segments: SegmentLine[]): void {
  const next = new Map<string, number>()
  for (const line of segments) {
    const run = `${line.part}/${line.track}`
    const expected = next.get(run) ?? 0
    expectThat(line.index === expected, `part ${line.part}, ${line.track}: segment ${line.index} where ${expected} is due`)
    next.set(run, expected + 1)
  }
}

function unstatedGaps(segments: SegmentLine[], gaps: GapLine[]): string[] {
  const silent: string[] = []
  for (const track of new Set(segments.map((line) => line.track))) {
    let end: number | undefined
    for (const line of segments.filter((one) => one.track === track)) {
      const from = end
      if (
        from !== undefined &&
        line.ptsMs - from > longestSeamMs &&
        !gaps.some(
          (gap) =>
            (track !== 'master' || gap.track === undefined) && gap.fromMs <= from + longestSeamMs && gap.toMs >= line.ptsMs - longestSeamMs,
        )
      ) {
        silent.push(`${track} ${from} to ${line.ptsMs} ms`)
      }
      end = Math.max(end ?? 0, line.ptsMs + line.durationMs)
    }
  }
  return silent
}
