import type { Council, Language } from '../../storage/model/council.ts'
import type { Utterance } from '../../storage/model/transcript.ts'
import { inLanguage, portalWords } from '../words/words.ts'
import { turnsOf } from './session-view.ts'

/** A line of a draft as it is shown. */
export interface DraftedLine {
  /** Empty where it is not clear who spoke: a draft guesses nobody. */
  speaker: string
  text: string
  language: Language
}

/** What was understood, as lines of one speaker each. */
export function draftedLines(of: readonly Utterance[], council: Council, language: Language): DraftedLine[] {
  const unknown = inLanguage(portalWords, language).unknownSpeaker
  return turnsOf(of, council, inLanguage(portalWords, language)).map((turn) => ({
    ...{ text: turn.text, language: turn.language },
    speaker: turn.unsure || turn.speaker === unknown ? '' : turn.speaker,
  }))
}
