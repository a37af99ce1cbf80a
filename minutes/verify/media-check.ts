import { exportPath, type recorderPaths } from '../../storage/custody/export-layout.ts'
import type { Journal } from '../../storage/custody/journal-tree.ts'
import type { RecordingManifest } from '../../storage/custody/manifests.ts'
import { isUnsure } from '../../storage/model/gap-length.ts'
import {
  type GapLine,
  isSealedLine,
  isSegmentLine,
  isStoredLine,
  type JournalLine,
  type SegmentLine,
  type StoredLine,
} from '../../storage/model/recording.ts'
import { recordOf } from '../../storage/model/recording-of-record.ts'
import { expectThat, type Findings } from './findings.ts'
import type { HashedFiles } from './hashed-files.ts'
import { unstatedGaps } from './unstated-gaps.ts'

/** One recorder of a session, as the manifest names it, and where what it left lies. */
export interface ToldRecorder {
  of: RecordingManifest['recorders'][number]
  paths: ReturnType<typeof recorderPaths>
  /** Begins what is said of it, when there are several. */
  name: string
}

/** A recorder's journal that could be read. */
export interface FoundJournal {
  told: ToldRecorder
  journal: Journal
}

/** Segments of one recorder against its journal, and its interruptions. */
export async function checkRecorderMedia(
  files: HashedFiles,
  manifest: RecordingManifest,
  { told, journal }: FoundJournal,
  findings: Findings,
): Promise<void> {
  const segments = journal.lines.filter(isSegmentLine)
  const { name, paths } = told
  await findings.check('segments', () => {
    expectOrder(segments, name)
    const kept = fatesOf(files, told, journal, isSegmentLine)
    const locked = fatesOf(files, told, journal, isSealedLine)
    const presentIn = (folder: string) => Array.from(files.found.keys()).filter((path) => path.startsWith(folder)).length
    const extra = presentIn(paths.segments) - kept.shown
    expectThat(extra === 0, `${name}${extra} files among the segments are not in the journal`)
    const extraLocked = presentIn(paths.sealedSegments) - locked.shown
    expectThat(extraLocked === 0, `${name}${extraLocked} files among the encrypted segments are not in the journal`)
    const sealed = journal.lines.filter(isSealedLine).length
    const closed = sealed === 0 ? '' : `; ${sealed} encrypted ones of closed parts, ${locked.shown} here, proven by their hash`
    const withheld = kept.withheld > 0 ? `; ${kept.withheld} withheld, proven by their hash` : ''
    const lost = kept.undelivered + locked.undelivered
    const undelivered = lost > 0 ? `; ${lost} never reached the store, as the manifest says` : ''
    return `${name}${kept.shown} segments as the journal has them${withheld}${closed}${undelivered}`
  })
  await findings.check('gaps', () => {
    const stated = journal.lines.filter((line): line is GapLine => 'kind' in line && line.kind === 'gap')
    const sealed = manifest.gaps.filter((gap) => gap.recorder === told.of.id)
    expectThat(asText(stated) === asText(sealed), `${name}the recording manifest states other gaps than the journal`)
    const silent = unstatedGaps(segments, stated)
    expectThat(silent.length === 0, `${name}interruptions that nobody states: ${silent.slice(0, 5).join(', ')}`)
    const unsure = stated.filter(isUnsure).length
    const doubt = unsure === 0 ? '' : `; the length of ${unsure} is not certain, as the journal says`
    return `${name}${stated.length === 0 ? 'no interruption' : `${stated.length} interruptions, all stated${doubt}`}`
  })
}

/** The rule run again over the journals themselves. */
export async function checkRecord(manifest: RecordingManifest, found: readonly FoundJournal[], findings: Findings): Promise<void> {
  await findings.check('record', () => {
    expectThat(found.length === manifest.recorders.length, 'the journal of a recorder cannot be read')
    const journals = found.map(({ told, journal }) => {
      const undelivered = new Set(told.of.undelivered)
      const stored = journal.lines.flatMap((line, leaf) => (isSegmentLine(line) && !undelivered.has(leaf) ? [leaf] : []))
      return { recorder: told.of.id, lines: journal.lines, stored: new Set(stored) }
    })
    const { spans, gaps } = recordOf(journals)
    const text = (of: RecordingManifest['record']) => JSON.stringify(of.map((one) => [one.recorder, one.fromMs, one.toMs]))
    expectThat(text(spans) === text(manifest.record), 'the recording manifest names other recordings of record than the journals give')
    const unrecorded = (of: RecordingManifest['unrecorded']) => JSON.stringify(of.map((one) => [one.fromMs, one.toMs, one.cause]))
    expectThat(
      unrecorded(gaps) === unrecorded(manifest.unrecorded),
      'the recording manifest names other times that nobody recorded than the journals give',
    )
    const names = new Map(manifest.recorders.map((one) => [one.id, one.name]))
    const told = spans.map((span) => `${names.get(span.recorder)} ${seconds(span.fromMs)}-${seconds(span.toMs)} s`)
    return `of record: ${told.join(', ')}; ${gaps.length === 0 ? 'nothing' : `${gaps.length} times`} recorded by nobody`
  })
}

export async function checkMaster(files: HashedFiles, manifest: RecordingManifest, findings: Findings): Promise<void> {
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

type Fate = 'shown' | 'withheld' | 'undelivered'

function fatesOf(files: HashedFiles, told: ToldRecorder, { lines }: Journal, of: (line: JournalLine) => boolean): Record<Fate, number> {
  const counts = { shown: 0, withheld: 0, undelivered: 0 }
  for (const [leaf, line] of lines.entries()) if (isStoredLine(line) && of(line)) counts[fateOf(files, told, leaf, line)]++
  return counts
}

/** @throws CheckFailedError a segment is missing or another */
function fateOf(files: HashedFiles, { of, paths }: ToldRecorder, leaf: number, line: StoredLine): Fate {
  const path = isSealedLine(line) ? paths.sealed(line) : paths.segment(line)
  const withheld = files.withheld(path)
  if (withheld !== undefined) {
    expectThat(withheld === line.sha256, `${path}: withheld under another hash than the journal has`)
    return 'withheld'
  }
  const found = files.found.get(path)
  if (found === undefined && of.undelivered?.includes(leaf) === true) return 'undelivered'
  expectThat(found !== undefined, `${path}: is missing`)
  expectThat(found.sha256 === line.sha256, `${path}: has SHA-256 ${found.sha256}, the journal has ${line.sha256}`)
  expectThat(found.sizeBytes === line.bytes, `${path}: has ${found.sizeBytes} bytes, the journal has ${line.bytes}`)
  return 'shown'
}

function asText(gaps: readonly Pick<GapLine, 'part' | 'fromMs' | 'toMs' | 'cause' | 'track'>[]): string {
  return JSON.stringify(gaps.map((gap) => [gap.part, gap.fromMs, gap.toMs, gap.cause, gap.track]))
}

const seconds = (ms: number) => Math.round(ms / 100) / 10

/** Within a part and track the segments count 0, 1, 2… in the order of the journal. */
function expectOrder(segments: SegmentLine[], name: string): void {
  const next = new Map<string, number>()
  for (const line of segments) {
    const run = `${line.part}/${line.track}`
    const expected = next.get(run) ?? 0
    expectThat(line.index === expected, `${name}part ${line.part}, ${line.track}: segment ${line.index} where ${expected} is due`)
    next.set(run, expected + 1)
  }
}
