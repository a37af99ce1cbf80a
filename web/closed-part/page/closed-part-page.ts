import '../../design/zod-without-eval.ts'

import { z } from 'zod'
import type { CheckedPlayer } from '../../portal/page/checked-player.ts'
import { toMediaMs, toPlayerMs } from '../../portal/playlist.ts'
import { mediaTime, parseMediaTime } from '../media-time.ts'

/** The island of the closed parts: hears them, and moves their limits to where the recording is. */
const data = z
  .object({
    playlist: z.string(),
    pieces: z.array(z.object({ fromMs: z.number(), lengthMs: z.number(), playsAtMs: z.number() })),
  })
  .parse(JSON.parse(document.getElementById('page-data')?.textContent ?? ''))

const video = document.querySelector<HTMLVideoElement>('#video')
let player: Promise<CheckedPlayer> | undefined
/** The player was told of a place and has not heard of it yet: what the video says is the place before. */
let isTold = false

function listen(fromMs: number): void {
  if (!video) return
  const shown = video
  shown.hidden = false
  showFailure(false)
  shown.scrollIntoView({ block: 'nearest' })
  isTold = true
  player ??= import('../../portal/page/checked-player.ts').then((of) =>
    of.checkedPlayer(shown, data.playlist, (proof) => {
      if (proof === 'broken' || proof === 'failed') fail(proof)
    }),
  )
  player.then((one) => {
    one.playFrom(toPlayerMs(fromMs, data.pieces) / 1000)
    isTold = false
    offerHere()
  }, fail)
}

function fail(cause: unknown): void {
  player = undefined
  if (video) video.hidden = true
  showFailure(true)
  offerHere()
  console.error('the recording could not be played', cause)
}

function showFailure(failed: boolean): void {
  const sentence = document.getElementById('not-heard')
  if (sentence) sentence.hidden = !failed
}

/** Where the recording is heard now; undefined before the player stands where it was told to, and after it failed. */
function heardMs(): number | undefined {
  if (!video || video.hidden || isTold || video.seeking || video.readyState < HTMLMediaElement.HAVE_CURRENT_DATA) return undefined
  return toMediaMs(video.currentTime * 1000, data.pieces)
}

/** No limit can be taken from a place that is not heard: a wrong one would publish what is secret. */
function offerHere(): void {
  const isHeard = heardMs() !== undefined
  for (const button of document.querySelectorAll<HTMLButtonElement>('button[data-here]')) button.disabled = !isHeard
}

/** Writes a limit anew; one that cannot be read is left to the person. */
function move(button: HTMLElement, to: (nowMs: number) => number): void {
  const field = button.closest('form')?.querySelector<HTMLInputElement>(`[name="${button.dataset['for']}"]`)
  const ms = field && parseMediaTime(field.value)
  if (field && typeof ms === 'number') field.value = mediaTime(Math.max(0, to(ms)))
}

document.addEventListener('click', (event) => {
  const button = event.target instanceof Element ? event.target.closest<HTMLElement>('button[type=button]') : null
  if (!button) return
  const { listen: fromMs, step, here } = button.dataset
  if (fromMs !== undefined) listen(Number(fromMs))
  else if (step !== undefined) move(button, (ms) => ms + Number(step))
  else if (here !== undefined) move(button, (ms) => heardMs() ?? ms)
  offerHere()
})
for (const change of ['emptied', 'seeking', 'seeked', 'loadeddata', 'canplay', 'playing', 'timeupdate'])
  video?.addEventListener(change, offerHere)
document.body.classList.add('js')
