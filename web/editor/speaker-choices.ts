import { draftWords } from '../../minutes/draft/draft-words.ts'
import { type Council, formalName, fullName, type Language, type Member } from '../../storage/model/council.ts'
import type { SessionState } from '../../storage/model/session-state.ts'
import type { SpeakerQuestion } from '../../storage/model/speaker-questions.ts'

/** Said by a person: nobody can tell who it was. */
export const nobodyKnown = 'unknown'

/** Whom a key of the evidence names: a member, or who sits there. */
export function memberHeard(id: string | undefined, council: Council): Member | undefined {
  const seat = /^seat-(\d+)$/.exec(id ?? '')?.[1]
  const occupant = council.seats.find((one) => String(one.seat) === seat)?.member
  return council.members.find((one) => one.speaker === id || one.id === id || one.id === occupant)
}

export interface SpeakerChoice {
  value: string
  name: string
}

/** Who may have said it: first whom the evidence names, then who attended, in the order of the council. Each stands in one list. */
export function speakerChoices(
  { heard }: Pick<SpeakerQuestion, 'heard'>,
  council: Council,
  state: Pick<SessionState, 'attendance'>,
): { likely: SpeakerChoice[]; present: SpeakerChoice[]; others: SpeakerChoice[] } {
  const choice = (one: Member): SpeakerChoice => ({ value: one.id, name: fullName(one) })
  const likely = [...new Set([memberHeard(heard.id, council), memberHeard(heard.runnerUp, council)])].filter((one) => one !== undefined)
  const rest = council.members.filter((one) => !likely.includes(one))
  const attended = (one: Member) => ['present', 'left'].includes(state.attendance[one.id] ?? '')
  return {
    likely: likely.map(choice),
    present: rest.filter(attended).map(choice),
    others: rest.filter((one) => !attended(one)).map(choice),
  }
}

/** The chosen as the acta writes it; undefined when the council knows no such person. */
export function speakerInActa(value: string, council: Council, language: Language): { speaker: string; group?: string } | undefined {
  if (value === nobodyKnown) return { speaker: draftWords(language).unknownSpeaker }
  const member = council.members.find((one) => one.id === value)
  const group = council.groups.find((one) => one.id === member?.group)
  return member && { speaker: formalName(member), ...(group ? { group: group.short } : {}) }
}
