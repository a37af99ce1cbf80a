import '../../design/zod-without-eval.ts'

import { z } from 'zod'
import type { CheckedPlayer } from '../../portal/page/checked-player.ts'
import { element } from '../../portal/page/page-element.ts'
import { type LiveAnswer, liveAnswer } from '../live-protocol.ts'

/** The island of the live view: asks what may be seen, plays it, and forgets every picture of it the moment it may not. */
const data = z.object({ path: z.string() }).parse(JSON.parse(element('page-data').textContent ?? ''))
const video = element('video') as HTMLVideoElement

const askEveryMs = 2_000
const patienceMs = 6_000

let wanted = false
let playing: { run: string; player: Promise<CheckedPlayer> } | undefined
let heardMs = performance.now()

async function ask(): Promise<LiveAnswer | undefined> {
  const answer = await fetch(`${data.path}/estado.json`, { cache: 'no-store', signal: AbortSignal.timeout(4_000) })
  if (answer.status === 404) return { phase: 'over', run: '', state: '', item: '', speaker: '', captions: [] }
  return answer.ok ? liveAnswer.parse(await answer.json()) : undefined
}

async function look(): Promise<void> {
  const answer = await ask().catch(() => undefined)
  if (answer) {
    heardMs = performance.now()
    show(answer)
  }
  const isLost = performance.now() - heardMs > patienceMs
  element('lost').hidden = !isLost
  // Without an answer nobody knows whether the session is closed by now.
  if (isLost) stop()
  setTimeout(() => void look(), askEveryMs)
}

function show({ phase, run, item, speaker, captions }: LiveAnswer): void {
  for (const strip of document.querySelectorAll<HTMLElement>('[data-phase]')) strip.hidden = strip.dataset['phase'] !== phase
  element('item').textContent = item
  element('speaker').textContent = speaker
  showCaptions(captions)
  element('player').hidden = phase !== 'live'
  element('play').hidden = phase !== 'live' || wanted
  if (phase !== 'live') stop()
  else if (wanted && playing?.run !== run) play(run)
}

/** Replaced only when they change: text that is being read stays. */
function showCaptions(captions: LiveAnswer['captions']): void {
  const list = element('captions')
  const said = JSON.stringify(captions)
  if (list.dataset['said'] === said) return
  list.dataset['said'] = said
  list.replaceChildren(...captions.map(captionLine))
  element('drafted').hidden = captions.length === 0
}

function captionLine({ speaker, text, language }: LiveAnswer['captions'][number]): HTMLElement {
  const line = document.createElement('p')
  const words = document.createElement('span')
  words.lang = language
  words.textContent = text
  if (speaker !== '') {
    const name = document.createElement('b')
    name.textContent = `${speaker}: `
    line.append(name)
  }
  line.append(words)
  return line
}

function play(run: string): void {
  stop()
  element('trouble').hidden = true
  video.hidden = false
  const own = {
    run,
    player: import('../../portal/page/checked-player.ts').then((of) =>
      of.checkedPlayer(
        video,
        `${data.path}/video.m3u8`,
        (proof) => {
          // Bytes that are not the journal's, or nothing to play: begun anew with the next answer.
          if ((proof === 'broken' || proof === 'failed') && playing === own) {
            stop()
            element('trouble').hidden = false
          }
        },
        { liveSyncDurationCount: 2, liveMaxLatencyDurationCount: 6, backBufferLength: 8 },
      ),
    ),
  }
  playing = own
  own.player.then(
    (player) => (playing === own ? player.playFrom(-1) : player.stop()),
    () => stop(),
  )
}

/** Nothing that was loaded stays: neither picture nor sound. */
function stop(): void {
  const before = playing
  playing = undefined
  video.hidden = true
  void before?.player.then((player) => player.stop()).catch(() => undefined)
}

element('play').addEventListener('click', () => {
  wanted = true
  element('play').hidden = true
  void ask().then(
    (answer) => answer && show(answer),
    () => undefined,
  )
})
void look()
