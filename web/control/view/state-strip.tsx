import type { JSX } from 'preact'
import { isReady } from '../../../storage/model/rehearsal.ts'
import { Icon, type IconName } from '../../design/icon.tsx'
import { clockTime, exactTime, mediaClock, shortDate } from '../../words/dates.ts'
import { controlWords } from '../../words/staff-words.ts'
import type { StripWord } from '../recorder-strip.ts'
import type { RoomModel } from '../room-model.ts'

const tones: Record<StripWord, 'calm' | 'record' | 'pause' | 'warn'> = {
  ready: 'calm',
  asked: 'calm',
  starting: 'calm',
  recording: 'record',
  paused: 'pause',
  stopped: 'calm',
  failed: 'warn',
  stale: 'warn',
  unreachable: 'warn',
  'no-recorder': 'calm',
  'other-session': 'calm',
  unrecorded: 'calm',
}

const icons: Record<StripWord, IconName> = {
  ready: 'dash',
  asked: 'clock',
  starting: 'clock',
  recording: 'record',
  paused: 'pause',
  stopped: 'check',
  failed: 'alert',
  stale: 'alert',
  unreachable: 'alert',
  'no-recorder': 'alert',
  'other-session': 'alert',
  unrecorded: 'text',
}

/** The strip on top: one word of what the recorder proves, how long, until when; which session; what time. */
export function StateStrip({ model }: { model: RoomModel }): JSX.Element {
  const { seed, word, nowMs, mediaMs } = model
  const words = controlWords[seed.language]
  const zone = seed.council.timeZone
  const detail = stripDetail(model)
  return (
    <header class={`state ${tones[word]}`} data-word={word}>
      <Icon name={icons[word]} />
      <strong class="word">{words.words[word]}</strong>
      {mediaMs === undefined || word === 'stopped' ? null : <span class="clock num">{mediaClock(mediaMs)}</span>}
      {detail === '' ? null : <span class={word === 'recording' ? 'proof num' : 'detail'}>{detail}</span>}
      <span class="grow" />
      <span class="which">
        {words.kinds[seed.session.kind]} · {shortDate(seed.session.convenedFor, seed.language, zone)}
      </span>
      <span class="hour num">{clockTime(nowMs, zone)}</span>
      <span class="hidden-text" role="status" aria-live="assertive">
        {words.words[word]}
      </span>
    </header>
  )
}

/** What stands beside the word. */
export function stripDetail({ seed, word, recorder, linked, state, notes }: RoomModel): string {
  const words = controlWords[seed.language].details
  const lagWords = controlWords[seed.language].provenLag
  const proof = recorder.proof
  const time = (ms: number) => exactTime(ms, seed.council.timeZone)
  switch (word) {
    case 'ready':
      return notes?.rehearsal === undefined || isReady(notes.rehearsal.last) ? words.ready : words.readyFaulty
    case 'asked':
    case 'starting':
    case 'unrecorded':
      return words[word]
    case 'recording':
      return proof && proof.provenWallMs > 0 ? `${words.proven(time(proof.provenWallMs))}${lagOf(proof, lagWords)}` : words.notProvenYet
    case 'paused':
      // The end of the closed part lets it go on by itself.
      if (state.phase === 'closed-part') return words.pausedWhileClosed
      return words.pausedSince(time(proof && proof.provenWallMs > 0 ? proof.provenWallMs : (recorder.sightMs ?? 0)))
    case 'stopped':
      if (!proof) return ''
      return proof.unconfirmed > 0 ? words.stoppedPending(proof.unconfirmed) : words.stoppedSafe
    case 'failed':
      return proof?.cause ? `${proof.cause} ${words.failed}` : words.failed
    case 'stale':
      return words.stale(time(recorder.sightMs ?? 0))
    case 'unreachable':
      if (linked) return words.recorderLost
      return proof?.state === 'recording' ? words.unreachableRecording : words.unreachable
    case 'no-recorder':
      return words.noRecorder
    case 'other-session':
      return words.otherSession
  }
}

/** How old the proof is on the recorder's own clock; told only when it is more than what a proof takes. */
function lagOf(proof: { provenWallMs: number; atWallMs: number }, say: (seconds: number) => string): string {
  const seconds = Math.round((proof.atWallMs - proof.provenWallMs) / 1000)
  return seconds >= 4 ? ` (${say(seconds)})` : ''
}
