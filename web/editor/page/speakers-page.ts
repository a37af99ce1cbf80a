import '../../design/zod-without-eval.ts'

import { element } from '../../portal/page/page-element.ts'
import { sourcePlayer, sourceSound } from './source-sound.ts'

/** The island of «Quen fala aquí?»: the sound, and one key for each person while the question has the focus. Without it the form does the same. */
const data = sourceSound.parse(JSON.parse(element('page-data').textContent ?? ''))
const question = document.getElementById('question')

const playFrom = sourcePlayer(data, 1_000)

function listen(): void {
  const video = document.querySelector<HTMLVideoElement>('#video')
  if (!video || data.playlist === null) return
  if (!video.hidden && !video.paused) {
    video.pause()
    return
  }
  video.hidden = false
  playFrom(Number(document.getElementById('listen')?.dataset['listen'] ?? 0))
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
