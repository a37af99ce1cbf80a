import type { RoomModel } from '../room-model.ts'
import { closingPatienceMs } from '../view/closed-part.tsx'

const pausedEveryMs = 120_000

/** Sounds for what must not be overlooked: a closing that did not reach the server, and softly a pause that lasts. */
export function soundAlarms(model: () => RoomModel): void {
  let pausedSoundMs = 0
  setInterval(() => {
    const { closingMs, word, nowMs } = model()
    if (closingMs !== undefined && closingMs >= closingPatienceMs) beep(880, 0.5)
    if (word !== 'paused') pausedSoundMs = nowMs
    else if (nowMs - pausedSoundMs >= pausedEveryMs) {
      pausedSoundMs = nowMs
      beep(440, 0.15)
    }
  }, 1_000)
}

let context: AudioContext | undefined

/** A short tone, and a buzz where there is a motor. The browser allows it after the first tap. */
function beep(frequency: number, loudness: number): void {
  navigator.vibrate?.(200)
  context ??= new AudioContext()
  const now = context.currentTime
  const [tone, gain] = [context.createOscillator(), context.createGain()]
  tone.frequency.value = frequency
  gain.gain.setValueAtTime(loudness, now)
  gain.gain.exponentialRampToValueAtTime(0.001, now + 0.4)
  tone.connect(gain).connect(context.destination)
  tone.start(now)
  tone.stop(now + 0.4)
}
