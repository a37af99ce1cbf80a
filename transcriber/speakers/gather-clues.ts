import type { MicrophoneEvent } from '../../storage/model/microphone-events.ts'
import type { EvidenceSeat } from '../../storage/model/transcript.ts'
import type { SpeechRegion } from '../voice-activity.ts'
import { type CalledPerson, chairClues, type PlacedWord } from './chair-words.ts'
import { type ChannelActivity, channelClues } from './channel-energy.ts'
import { correctEvents, matchClocks } from './clock-offset.ts'
import { microphoneClues } from './microphone-events.ts'
import type { SpeakerClue } from './speaker-clue.ts'
import { type VoiceTurn, voiceClues } from './voices.ts'

/** What is known of who spoke. */
export interface SpeakerEvidence {
  microphones: readonly MicrophoneEvent[]
  seats: readonly EvidenceSeat[]
  /** Whom the chair may call by name. */
  people?: readonly CalledPerson[]
  /** Other sources, once it is known where speech is. */
  others?: (speech: readonly SpeechRegion[], untilMs: number) => SpeakerClue[]
}

/** Clues of all sources, and what the transcript says of them: which were used, how the microphones' clock was corrected, what was refused. */
export interface GatheredClues {
  clues: SpeakerClue[]
  evidence: string[]
}

/** What was found in the sound: where somebody speaks, into which channel, and the words. */
export interface Heard {
  speech: readonly SpeechRegion[]
  channels?: readonly ChannelActivity[] | undefined
  /** Of a diarization model; `problem`: it could not be asked. */
  voices?: { turns: readonly VoiceTurn[]; problem?: string | undefined } | undefined
  words: readonly PlacedWord[]
}

/** From sources to clues, each as its own rules want it. */
export function gatherClues(of: SpeakerEvidence, { speech, channels, voices, words }: Heard, untilMs: number): GatheredClues {
  const match = matchClocks(of.microphones, speech, untilMs)
  const events = match.state === 'refused' ? [] : correctEvents(of.microphones, match)
  const microphone = microphoneClues(events, of.seats, untilMs)
  const channelSeats = new Map(of.microphones.flatMap((one) => (one.channel === undefined ? [] : [[one.channel, one.seat] as const])))
  const channel = channelClues(channels ?? [], of.seats, (number) => channelSeats.get(number) ?? number)
  const others = of.others?.(speech, untilMs) ?? []
  const chair = chairClues(words, of.people ?? peopleOf(of.seats), untilMs)
  const said = [...microphone, ...channel, ...others, ...chair]
  const voice = voiceClues(voices?.turns ?? [], said)
  const clues = [...said, ...voice.clues]
  return {
    clues,
    evidence: [
      ...(microphone.length > 0 ? ['microphone-events', ...clockNote(match)] : []),
      ...(of.microphones.length > 0 && match.state === 'refused' ? ['microphone-events-refused: their clock matches no speech'] : []),
      ...(channel.length > 0 ? ['channels'] : []),
      ...(channels?.length === 0 ? ['channels-refused: they all carry one sound'] : []),
      ...(others.length > 0 ? ['floor-events'] : []),
      ...(chair.length > 0 ? ['chair-words'] : []),
      ...(voice.voices > 0 ? [`diarization: ${voice.voices} voices, ${voice.named} named by other evidence`] : []),
      ...(voices?.problem === undefined ? [] : [`diarization-refused: ${voices.problem}`]),
    ],
  }
}

function clockNote(match: ReturnType<typeof matchClocks>): string[] {
  if (match.state !== 'matched') return ['microphone-clock-unchecked: too few switches']
  return [
    `microphone-clock: ${match.points.map((point) => `${point.offsetMs >= 0 ? '+' : ''}${point.offsetMs} ms at ${Math.round(point.atMs / 1000)} s`).join(', ')}`,
  ]
}

/** Whom the seats name; who presides is known by the key. */
function peopleOf(seats: readonly EvidenceSeat[]): CalledPerson[] {
  const bySpeaker = new Map(seats.map((seat) => [seat.speaker, seat.name]))
  return [...bySpeaker].map(([speaker, surname]) => ({ speaker, surname, ...(/alcald|presid/.test(speaker) ? { chairs: true } : {}) }))
}
