import type { Verification } from '../../storage/custody/trust.ts'
import type { ClosedPart, WithheldSpan } from '../../storage/model/closed-parts.ts'
import type { Council, Language, Member } from '../../storage/model/council.ts'
import { fullName } from '../../storage/model/council.ts'
import type { ImportedRecording } from '../../storage/model/imported-recording.ts'
import type { SegmentLine } from '../../storage/model/recording.ts'
import type { Session, SessionStage } from '../../storage/model/session.ts'
import type { ItemState, SessionState } from '../../storage/model/session-state.ts'
import type { Transcript, Utterance } from '../../storage/model/transcript.ts'
import { utteranceText } from '../../storage/model/transcript.ts'
import type { VoteState } from '../../storage/model/vote-state.ts'
import type { PortalWords } from '../words/portal-gl.ts'
import type { Piece } from './playlist.ts'

/** A document of the session that anybody may download. */
export interface PublicDocument {
  key: string
  version: string
  sha256: string
  sizeBytes: number
  createdAtMs: number
}

/** A segment in the store, and what the recorder journalled of it. */
export interface PublicSegment {
  line: SegmentLine
  key: string
  version: string
}

export interface PublicRecording {
  segments: PublicSegment[]
  pieces: Piece[]
  lengthMs: number
}

/** What the pages show of one session; nothing that is withheld from the public is in it. */
export interface SessionView {
  council: Council
  councilSlug: string
  session: Session
  stage: SessionStage
  publishedAtMs: number | null
  state: SessionState
  closed: ClosedPart[]
  withheld: WithheldSpan[]
  recording?: PublicRecording
  transcript?: Transcript
  captions: Language[]
  acta?: PublicDocument
  master?: PublicDocument
  verification?: Verification & { atMs: number }
  /** Custody statement of a recording that was brought as a file. */
  imported?: ImportedRecording
}

/** The opening (number 0) or an agenda item, with what was said and voted in it. */
export interface Section {
  number: number
  item?: ItemState
  fromMs?: number
  toMs?: number
  turns: Turn[]
  votes: VoteState[]
}

/** Consecutive utterances of one speaker in one language. */
export interface Turn {
  fromMs: number
  toMs: number
  speaker: string
  /** Under three quarters of confidence the name is only probable. */
  unsure: boolean
  language: Language
  text: string
}

const sureEnough = 0.75

/** The opening and the items of a session in the order of the agenda. */
export function sectionsOf(view: SessionView, words: PortalWords): Section[] {
  const { state, transcript } = view
  const endMs = Math.max(0, ...(view.recording?.segments ?? []).map(({ line }) => line.ptsMs + line.durationMs))
  const starts = state.items.flatMap(({ item, spans }) => spans.map((span) => ({ number: item.number, fromMs: span.fromMs })))
  starts.sort((a, b) => a.fromMs - b.fromMs)
  const sectionAt = (ms: number) => starts.findLast((one) => one.fromMs <= ms)?.number ?? 0
  const said = Map.groupBy(transcript?.utterances ?? [], (one) => sectionAt((one.fromMs + one.toMs) / 2))
  const opening: Section = { number: 0, turns: turnsOf(said.get(0) ?? [], view.council, words), votes: [] }
  if (endMs > 0) Object.assign(opening, { fromMs: 0, toMs: starts[0]?.fromMs ?? endMs })
  const items = state.items.map((item): Section => {
    const first = item.spans[0]
    const last = item.spans.at(-1)
    const next = starts.find((one) => last && one.fromMs > last.fromMs)
    return {
      number: item.item.number,
      item,
      turns: turnsOf(said.get(item.item.number) ?? [], view.council, words),
      votes: state.votes.filter((vote) => vote.item === item.item.id && vote.status === 'proclaimed'),
      ...(first && last ? { fromMs: first.fromMs, toMs: last.toMs ?? next?.fromMs ?? endMs } : {}),
    }
  })
  return [opening, ...items]
}

/** What was said, as turns; the text is a machine's. */
export function turnsOf(utterances: readonly Utterance[], council: Council, words: PortalWords): Turn[] {
  const turns: Turn[] = []
  for (const one of utterances) {
    const text = one.status === 'ok' ? utteranceText(one) : words.notTranscribed
    if (text === '') continue
    const speaker = speakerName(one.speaker.id, council, words)
    const last = turns.at(-1)
    if (last && last.speaker === speaker && last.language === one.language) {
      last.text += ` ${text}`
      last.toMs = one.toMs
      last.unsure ||= one.speaker.confidence < sureEnough
    } else {
      const unsure = one.speaker.id !== 'unknown' && one.speaker.confidence < sureEnough
      turns.push({ fromMs: one.fromMs, toMs: one.toMs, speaker, unsure, language: one.language, text })
    }
  }
  return turns
}

/** The key of the evidence files, or a member's id, as a person reads it. */
export function speakerName(id: string, council: Council, words: PortalWords): string {
  const member = council.members.find((one) => one.speaker === id || one.id === id)
  if (member) return fullName(member)
  const seat = /^seat-(\d+)$/.exec(id)?.[1]
  return seat ? words.seatSpeaker(seat) : words.unknownSpeaker
}

export function memberById(id: string, council: Council): Member | undefined {
  return council.members.find((one) => one.id === id)
}

/** Address of a session, of one of its sections or of a file of it; the visitor's language is put before it by `href`. */
export function sessionPath(view: Pick<SessionView, 'councilSlug' | 'session'>, rest = ''): string {
  return `/c/${view.councilSlug}/${view.session.slug}${rest}`
}

export function sectionPath(view: SessionView, number: number): string {
  return sessionPath(view, number === 0 ? '' : `/punto/${number}`)
}

/** How far the acta has come, in one word of the dictionary. */
export function actaState({ stage, signed }: { stage: SessionStage; signed: boolean }): 'none' | 'draft' | 'approved' | 'signed' {
  if (signed) return 'signed'
  if (stage === 'draft') return 'draft'
  return stage === 'approved' || stage === 'frozen' ? 'approved' : 'none'
}
