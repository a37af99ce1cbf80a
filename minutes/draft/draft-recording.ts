import type { ActaBlock } from '../../storage/model/acta.ts'
import { presentMembers } from '../../storage/model/session-state.ts'
import { type DraftGap, type DraftMaterial, type DraftRecording, duration, hourWithSeconds, sentence } from './draft-material.ts'
import type { DraftWords } from './draft-words-gl.ts'

/** The constitution of the body and what the acta says of its recording, gaps and all (law.md §3.4-5; R16, R21, R79). */
export function constitutionBlocks(material: DraftMaterial, words: DraftWords): ActaBlock[] {
  const { council, session, opening } = material
  const { language } = session
  const { legalNumber } = opening.body
  const constitution = words.constitution(presentMembers(opening, council).length, legalNumber, session.body)
  const clause = material.recording ? recordingClause(material, material.recording, words) : lostClause(material, words)
  return [
    {
      kind: 'paragraph',
      id: 'constitution',
      section: 'constitution',
      sentences: [sentence('constitution.1', constitution, language, 'events')],
    },
    {
      kind: 'paragraph',
      id: 'recording',
      section: 'recording',
      sentences: clause.map((text, n) => sentence(`recording.${n + 1}`, text, language, 'events')),
    },
  ]
}

function recordingClause({ council }: DraftMaterial, recording: DraftRecording, words: DraftWords): string[] {
  const gaps = recording.gaps.filter((gap) => gap.toMs > gap.fromMs)
  const takeovers = recording.takeovers ?? []
  const total = duration(gaps.reduce((sum, gap) => sum + gap.toMs - gap.fromMs, 0))
  return [
    council.enablingNorm ? words.recorded(council.enablingNorm) : words.supportRecording,
    words.file(duration(recording.durationMs), recording.format, recording.sha256),
    ...(gaps.length > 0 ? [words.gaps(gaps.length, total)] : []),
    ...gaps.flatMap((gap) => [gapSentence(gap, council.timeZone, words), ...lengthSentence(gap, words)]),
    ...(takeovers.length === 0 ? [] : [words.recorders(takeovers.map(({ name, fromMs }) => words.recorderFrom(name, duration(fromMs))))]),
  ]
}

/** By the clock on the wall, as who was in the room remembers it; by the media line where the clock of the recorder is not known. */
function gapSentence(gap: DraftGap, timeZone: string, words: DraftWords): string {
  const { fromMs, toMs, fromWallMs, toWallMs } = gap
  const known = fromWallMs !== undefined && toWallMs !== undefined
  const from = known ? hourWithSeconds(fromWallMs, timeZone) : duration(fromMs)
  const to = known ? hourWithSeconds(toWallMs, timeZone) : duration(toMs)
  return words.gap(from, to, duration(toMs - fromMs), words.gapCauses[gap.cause] ?? words.gapUnknown)
}

/** What is not known of a length is said, and so is what a clock set right afterwards tells; one that it confirms needs no word. */
function lengthSentence({ fromMs, toMs, length }: DraftGap, words: DraftWords): string[] {
  if (length === undefined) return []
  if ('leastMs' in length) return [words.gapUnsure(duration(length.leastMs))]
  return Math.abs(length.ms - (toMs - fromMs)) < 1000 ? [] : [words.gapTold(duration(length.ms))]
}

/** A recording that was to be made and is not there is an incident of the session, which stands without it (R21). */
function lostClause({ session }: DraftMaterial, words: DraftWords): string[] {
  return [session.recorded ? words.recordingLost : words.notRecorded]
}
