import { DetailedError, Upload } from 'tus-js-client'
import { duration, fileSize } from '../../words/dates.ts'
import type { ImportPageData } from '../page-data.ts'

/** A piece takes a slow line a minute and half, within the server's patience; a broken one is sent again from where it broke. */
const pieceBytes = 8 * 1024 * 1024
const retryDelays = [0, 1000, 3000, 5000, 10_000, 20_000, 30_000, 60_000]
const listEveryMs = 4000

const element = <T extends HTMLElement>(id: string) => document.getElementById(id) as T
const data = JSON.parse(element('page-data').textContent ?? '') as ImportPageData
const form = element<HTMLFormElement>('bring')
const file = element<HTMLInputElement>('file')
const bar = element<HTMLProgressElement>('bar')

let upload: Upload | undefined
let begun = { atMs: 0, bytes: 0 }
let sent = { done: 0, total: 0 }

form.addEventListener('submit', (event) => {
  event.preventDefault()
  const chosen = file.files?.[0]
  if (chosen) void send(chosen)
  else complain(data.say.noFile)
})
element('pause').addEventListener('click', () => {
  void upload?.abort()
  show('paused')
  say(filled(data.say.paused))
})
element('resume').addEventListener('click', () => go())
element('cancel').addEventListener('click', () => void cancel())
show('idle')

/** The same file again goes on where it was left, also after the page was closed. */
async function send(chosen: File): Promise<void> {
  const fields = Object.fromEntries([...new FormData(form)].map(([name, value]) => [name, String(value)]))
  upload = new Upload(chosen, {
    endpoint: data.endpoint,
    metadata: { ...fields, filename: chosen.name },
    headers: { Accept: 'application/json' },
    chunkSize: pieceBytes,
    retryDelays,
    removeFingerprintOnSuccess: true,
    onProgress: (done, total) => progressed(done, total),
    onSuccess: () => arrived(),
    onError: (error) => failed(error),
  })
  const [before] = await upload.findPreviousUploads()
  if (before) upload.resumeFromPreviousUpload(before)
  sent = { done: 0, total: chosen.size }
  go()
}

function go(): void {
  begun = { atMs: 0, bytes: 0 }
  complain('')
  show('sending')
  leaveOutOwn(element('lists'))
  upload?.start()
}

function progressed(done: number, total: number): void {
  sent = { done, total }
  bar.value = Math.round((1000 * done) / total)
  if (begun.atMs === 0) begun = { atMs: Date.now(), bytes: done }
  const [seconds, bytes] = [(Date.now() - begun.atMs) / 1000, done - begun.bytes]
  const left = seconds > 3 && bytes > 0 ? ` ${data.say.left.replace('{left}', duration(1000 * ((total - done) * (seconds / bytes))))}` : ''
  say(done === total ? data.say.looking : filled(data.say.sending) + left)
}

function arrived(): void {
  show('idle')
  form.reset()
  say(data.say.done)
  void renewLists()
}

function failed(error: Error | DetailedError): void {
  const answer = error instanceof DetailedError ? error.originalResponse : null
  const sentence = answer ? sentenceIn(answer.getBody()) : undefined
  const refusedForGood = answer !== null && answer.getStatus() >= 400 && answer.getStatus() < 500 && answer.getStatus() !== 409
  show(refusedForGood ? 'idle' : 'paused')
  say('')
  complain(sentence ?? data.say.broken)
  if (refusedForGood) upload = undefined
}

async function cancel(): Promise<void> {
  await upload?.abort(true).catch(() => undefined)
  upload = undefined
  show('idle')
  say(data.say.cancelled)
  void renewLists()
}

function show(state: 'idle' | 'sending' | 'paused'): void {
  element('send').hidden = state !== 'idle'
  element('pause').hidden = state !== 'sending'
  element('resume').hidden = state !== 'paused'
  element('cancel').hidden = state === 'idle'
  element('progress').hidden = state === 'idle'
  for (const one of form.querySelectorAll<HTMLInputElement>('input, select')) one.disabled = state !== 'idle'
}

function filled(sentence: string): string {
  const size = (bytes: number) => fileSize(bytes, data.language)
  return sentence
    .replace('{name}', file.files?.[0]?.name ?? '')
    .replace('{done}', size(sent.done))
    .replace('{total}', size(sent.total))
}

function sentenceIn(body: string): string | undefined {
  try {
    return (JSON.parse(body) as { error?: string }).error
  } catch {
    return undefined
  }
}

function say(sentence: string): void {
  element('said').textContent = sentence
}

function complain(sentence: string): void {
  element('trouble').textContent = sentence
  if (sentence !== '') element('trouble').scrollIntoView({ block: 'nearest' })
}

/** How far the imports are, without leaving the page: an upload may be running. */
async function renewLists(): Promise<void> {
  const answer = await fetch(location.href).catch(() => undefined)
  if (!answer?.ok) return
  const fresh = new DOMParser().parseFromString(await answer.text(), 'text/html').getElementById('lists')
  const lists = element('lists')
  const isRead = lists.contains(document.activeElement) || lists.querySelector('details[open]') !== null
  if (fresh) leaveOutOwn(fresh)
  if (fresh && fresh.innerHTML !== lists.innerHTML && !isRead) lists.replaceWith(fresh)
}

/** What this page is sending is told above, where it can be stopped: it is not one that somebody left. */
function leaveOutOwn(lists: HTMLElement): void {
  const own = upload?.url?.split('/').at(-1)
  const left = [...lists.querySelectorAll<HTMLElement>('[data-upload]')]
  for (const row of left) row.hidden = row.dataset['upload'] === own
  const section = lists.querySelector<HTMLElement>('#unfinished')
  if (section) section.hidden = left.every((row) => row.hidden)
}

setInterval(() => void renewLists(), listEveryMs)
