import '../../design/zod-without-eval.ts'

import { z } from 'zod'
import type { CheckedPlayer } from '../../portal/page/checked-player.ts'
import { element } from '../../portal/page/page-element.ts'
import { toPlayerMs } from '../../portal/playlist.ts'

/** The island of «Quen fala aquí?»: the sound, and one key for each person while the question has the focus. Without it the form does the same. */
const pageData = z.object({
  playlist: z.string().nullable(),
  pieces: z.array(z.object({ fromMs: z.number(), lengthMs: z.number(), playsAtMs: z.number() })),
})
const data = pageData.parse(JSON.parse(element('page-data').textContent ?? ''))
const question = document.getElementById('question')

/** Heard from a little before it. */
const runUpMs = 1_000
let player: Promise<CheckedPlayer> | undefined

function listen(): void {
  const video = document.querySelector<HTMLVideoElement>('#video')
  const { playlist, pieces } = data
  if (!video || playlist === null) return
  if (!video.hidden && !video.paused) {
    video.pause()
    return
  }
  video.hidden = false
  const fromMs = Number(document.getElementById('listen')?.dataset['listen'] ?? 0)
  player ??= import('../../portal/page/checked-player.ts').then((of) => of.checkedPlayer(video, playlist, () => undefined))
  player.then(
    (one) => one.playFrom(Math.max(0, toPlayerMs(fromMs, pieces) - runUpMs) / 1000),
    (cause: unknown) => {
      player = undefined
      console.error('the player could not be loaded', cause)
    },
  )
}

document.getElementById('listen')?.addEventListener('click', listen)
// Keys of one letter count only where the question has the focus (WCAG 2.1.4): it has it when the page opens.
question?.addEventListener('keydown', (event) => {
  if (event.altKey || event.ctrlKey || event.metaKey || event.repeat || event.target instanceof HTMLSelectElement) return
  const key = event.key.toLowerCase()
  if (key === 'o') listen()
  else if (key === 'z') document.getElementById('undo')?.click()
  else if (/^[0-9st]$/.test(key)) question.querySelector<HTMLElement>(`[data-key="${key}"]`)?.click()
  else return
  event.preventDefault()
})
question?.focus({ preventScroll: true })
