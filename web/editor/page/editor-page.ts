import '../../design/zod-without-eval.ts'

import { z } from 'zod'
import { sourcePlayer, sourceSound } from './source-sound.ts'

/** The island of the editor: keys, sound, and saving without leaving the place. Without it the forms do the same. */
const pageData = sourceSound.extend({ startMs: z.number().nullable(), saveFailed: z.string() })
const data = pageData.parse(JSON.parse(document.getElementById('page-data')?.textContent ?? ''))

const playFrom = sourcePlayer(data, 2_000)
const backSkipSeconds = 3
let saving = false

const sentences = () => [...document.querySelectorAll<HTMLElement>('[data-sentence]')]
const current = () => document.querySelector<HTMLElement>('.s.cur')

function makeCurrent(one: HTMLElement | undefined, scroll = true): void {
  if (!one) return
  for (const other of document.querySelectorAll('.s.cur')) other.classList.remove('cur')
  one.classList.add('cur')
  if (scroll) one.scrollIntoView({ block: 'nearest' })
  lightTurn(Number(one.dataset['from'] ?? Number.NaN))
}

function move(by: 1 | -1): void {
  const all = sentences()
  const at = all.findIndex((one) => one.classList.contains('cur'))
  makeCurrent(all[Math.max(0, Math.min(all.length - 1, at + by))])
}

/** Lights what was said at a place of the media line. */
function lightTurn(ms: number): void {
  for (const turn of document.querySelectorAll<HTMLElement>('[data-turn]')) {
    const on = Number(turn.dataset['turn']) <= ms && ms < Number(turn.dataset['until'])
    turn.classList.toggle('lit', on)
    if (on) turn.scrollIntoView({ block: 'nearest' })
  }
}

function listen(fromMs: number): void {
  if (data.playlist === null) return
  playFrom(fromMs)
  lightTurn(fromMs)
}

function pauseBack(): void {
  const video = document.querySelector<HTMLVideoElement>('#video')
  if (!video) return
  if (!video.paused) {
    video.pause()
    return
  }
  video.currentTime = Math.max(0, video.currentTime - backSkipSeconds)
  void video.play()
}

/** Sends the form and puts the new document in its place; the sound goes on. */
async function save(form: HTMLFormElement, button: HTMLElement | null): Promise<void> {
  if (saving) return
  saving = true
  const before = current()?.dataset['sentence']
  try {
    const fields = new URLSearchParams()
    for (const [name, value] of new FormData(form, button)) if (typeof value === 'string') fields.append(name, value)
    const response = await fetch(form.action, {
      method: 'POST',
      body: fields,
      headers: { Accept: 'text/html' },
      signal: AbortSignal.timeout(20_000),
    })
    if (!response.ok && response.status !== 409 && response.status !== 422) throw new Error(`the server answered ${response.status}`)
    const page = new DOMParser().parseFromString(await response.text(), 'text/html')
    if (!page.getElementById('acta-form')) throw new Error('the answer holds no acta: the sign-in may have ended')
    for (const part of ['.head', '#puntos', '#acta']) {
      const [old, fresh] = [document.querySelector(part), page.querySelector(part)]
      if (old && fresh) old.innerHTML = fresh.innerHTML
    }
    afterSaving(before)
  } catch (cause) {
    console.error('the acta was not saved', cause)
    const notices = document.getElementById('notices')
    if (notices) notices.replaceChildren(failedStrip())
  } finally {
    saving = false
  }
}

function failedStrip(): HTMLElement {
  const strip = document.createElement('div')
  strip.className = 'strip bad'
  strip.setAttribute('role', 'alert')
  const text = document.createElement('span')
  text.textContent = data.saveFailed
  strip.append(text)
  return strip
}

/** Goes on to the next sentence that waits, from the one just dealt with. */
function afterSaving(before: string | undefined): void {
  const all = sentences()
  const at = Math.max(
    0,
    all.findIndex((one) => one.dataset['sentence'] === before),
  )
  const waits = (one: HTMLElement) => one.querySelector('[name="accept"]') !== null
  const conflict = document.querySelector<HTMLElement>('.conflict textarea')
  if (conflict) conflict.focus()
  else makeCurrent(all.slice(at).find(waits) ?? all.find(waits) ?? all[at])
}

document.addEventListener('submit', (event) => {
  if (!(event.target instanceof HTMLFormElement)) return
  event.preventDefault()
  void save(event.target, event.submitter)
})

document.addEventListener('click', (event) => {
  if (!(event.target instanceof Element)) return
  const link = event.target.closest<HTMLElement>('[data-listen]')
  if (link) {
    event.preventDefault()
    listen(Number(link.dataset['listen']))
  }
  makeCurrent(event.target.closest<HTMLElement>('[data-sentence]') ?? undefined, false)
  const tab = event.target.closest<HTMLAnchorElement>('.tabs a')
  if (tab) {
    event.preventDefault()
    showPane(tab)
  }
})

document.addEventListener('keydown', (event) => {
  if (event.key === 'F4') {
    event.preventDefault()
    return pauseBack()
  }
  if (!event.altKey || event.ctrlKey || event.metaKey) return
  const key = event.key.toLowerCase()
  const sentence = current()
  if (key === 'j') move(1)
  else if (key === 'k') move(-1)
  else if (key === 'enter' && sentence?.dataset['from'] !== undefined) listen(Number(sentence.dataset['from']))
  else if (key === 'a') sentence?.querySelector<HTMLButtonElement>('[name="accept"]')?.click()
  else return
  event.preventDefault()
})

function showPane(tab: HTMLAnchorElement): void {
  for (const other of document.querySelectorAll('.tabs a')) other.removeAttribute('aria-current')
  tab.setAttribute('aria-current', 'true')
  for (const pane of document.querySelectorAll('#puntos, #acta, #son')) pane.classList.toggle('shown', `#${pane.id}` === tab.hash)
}

document.body.classList.add('js')
makeCurrent(sentences().find((one) => one.querySelector('[name="accept"]')) ?? sentences()[0], false)
if (data.startMs !== null) listen(data.startMs)
