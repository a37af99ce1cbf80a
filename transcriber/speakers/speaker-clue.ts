import type { SpeakerSource } from '../../storage/model/transcript.ts'

/** One source's word that somebody may have spoken from here to there, milliseconds of the media line. */
export interface SpeakerClue {
  speaker: string
  fromMs: number
  toMs: number
  /** `presidency` is the presumption that who presides speaks while nobody has the floor. */
  source: Exclude<SpeakerSource, 'none'>
}

export const unknownSpeaker = 'unknown'
