import type { SessionPageData } from '../page-data.ts'
import { leapFrom, toMediaMs, toPlayerMs } from '../playlist.ts'
import type { CheckedPlayer } from './checked-player.ts'
import { followText } from './follow-text.ts'
import { element, pageData } from './page-element.ts'
import { showSection } from './show-section.ts'

/** Makes the session page live: plays the checked recording, moves by item and turn, and lets the text follow. */
const data = pageData<SessionPageData>()
const video = document.querySelector<HTMLVideoElement>('#video')
if (video) enliven(video)

function enliven(video: HTMLVideoElement): void {
  let player: Promise<CheckedPlayer> | undefined
  let shown = data.section
  const text = followText(element('follow'))

  /** Loads the player on the first intent, so that nobody pays for it who only reads. */
  const load = () => {
    player ??= import('./checked-player.ts').then(({ checkedPlayer }) => checkedPlayer(video, data.playlist, show))
    return player
  }

  const show = (proof: 'ok' | 'broken' | 'unable' | 'failed', count = 0) => {
    for (const strip of document.querySelectorAll<HTMLElement>('[data-proof]')) strip.hidden = strip.dataset.proof !== proof
    const place = document.querySelector('[data-count]')
    if (place) place.textContent = count === 1 ? data.counts.one : data.counts.many.replace('2', String(count))
    element('loading').hidden = true
    if (proof === 'broken' || proof === 'failed') video.pause()
  }

  const playFrom = async (mediaMs: number) => {
    element('play').hidden = true
    video.hidden = false
    element('player').classList.add('playing')
    if (video.readyState < 2) element('loading').hidden = false
    const ready = await load().catch(() => undefined)
    if (!ready) {
      player = undefined
      return show('failed')
    }
    ready.playFrom(toPlayerMs(mediaMs, data.pieces) / 1000)
  }

  const turnTo = (number: number, address: string, remember: 'push' | 'replace') => {
    if (remember === 'push') history.pushState(null, '', address)
    if (number === shown) return
    shown = number
    if (remember === 'replace') history.replaceState(null, '', address)
    void showSection(number, address).then(() => text.fresh())
  }

  document.addEventListener('click', (click) => {
    const link = click.target instanceof Element ? click.target.closest('a') : null
    if (!link || click.ctrlKey || click.metaKey || click.shiftKey) return
    if (link.id === 'play') {
      click.preventDefault()
      void playFrom(data.startMs)
    } else if (link.dataset.from !== undefined && link.dataset.section !== undefined) {
      click.preventDefault()
      turnTo(Number(link.dataset.section), link.href, 'push')
      void playFrom(Number(link.dataset.from))
    } else if (link.closest<HTMLElement>('.turn')) {
      click.preventDefault()
      history.replaceState(null, '', link.href)
      void playFrom(Number(link.closest<HTMLElement>('.turn')?.dataset.from))
    }
  })

  // A first sign of interest loads the player before the tap.
  element('play').addEventListener('pointerenter', () => void load(), { once: true })
  element('play').addEventListener('focus', () => void load(), { once: true })
  element('retry').addEventListener('click', () => location.reload())
  addEventListener('popstate', () => location.reload())

  video.addEventListener('playing', () => {
    element('loading').hidden = true
  })
  video.addEventListener('timeupdate', () => {
    if (video.seeking) return
    // Where another recorder took over, the end of the one before is what the next one begins with.
    const onwardMs = video.paused ? undefined : leapFrom(video.currentTime * 1000, data.pieces)
    if (onwardMs !== undefined) {
      video.currentTime = onwardMs / 1000
      return
    }
    const mediaMs = toMediaMs(video.currentTime * 1000, data.pieces)
    const now = data.starts.findLast((one) => one.fromMs <= mediaMs + 250)?.number ?? 0
    if (!video.paused && now !== shown) {
      const link = document.querySelector<HTMLAnchorElement>(`.agenda a[data-section="${now}"]`)
      if (link) turnTo(now, link.href, 'replace')
    }
    text.moveTo(mediaMs)
  })
}
