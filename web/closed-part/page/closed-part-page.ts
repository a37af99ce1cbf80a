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

let player: Promise<CheckedPlayer> | undefined
const video = () => document.querySelector<HTMLVideoElement>('#video')

function listen(fromMs: number): void {
  const shown = video()
  if (!shown) return
  shown.hidden = false
  shown.scrollIntoView({ block: 'nearest' })
  player ??= import('../../portal/page/checked-player.ts').then((of) => of.checkedPlayer(shown, data.playlist, () => undefined))
  player.then(
    (one) => one.playFrom(toPlayerMs(fromMs, data.pieces) / 1000),
    (cause: unknown) => {
      player = undefined
      console.error('the player could not be loaded', cause)
    },
  )
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
  else if (here !== undefined)
    move(button, (ms) => (video()?.hidden === false ? toMediaMs((video()?.currentTime ?? 0) * 1000, data.pieces) : ms))
})
document.body.classList.add('js')
