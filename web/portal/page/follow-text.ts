/** Keeps the turn that is being heard marked and, until the reader scrolls away, in sight. */
export function followText(back: HTMLElement): { moveTo(mediaMs: number): void; fresh(): void } {
  let now: HTMLElement | undefined
  let following = true

  const bring = (turn: HTMLElement) => turn.scrollIntoView({ block: 'nearest' })
  const stop = () => {
    if (!now) return
    following = false
    back.hidden = isInSight(now)
  }
  for (const kind of ['wheel', 'touchmove'] as const) addEventListener(kind, stop, { passive: true })
  document.addEventListener('keydown', (key) => {
    if (/^(?:Page|Arrow(?:Up|Down)|Home|End)/.test(key.key) && !(key.target instanceof HTMLVideoElement)) stop()
  })
  back.addEventListener('click', () => {
    following = true
    back.hidden = true
    if (now) bring(now)
  })

  return {
    moveTo(mediaMs) {
      const turns = [...document.querySelectorAll<HTMLElement>('.turn')]
      const next = turns.findLast((turn) => Number(turn.dataset.from) <= mediaMs)
      if (next === now) return
      // Only a reader who has the text in sight is taken along: whoever watches the video is left where he is.
      const reading = now !== undefined && isInSight(now)
      now?.classList.remove('now')
      now?.removeAttribute('aria-current')
      now = next
      if (!now) return
      now.classList.add('now')
      now.setAttribute('aria-current', 'true')
      if (following && reading) bring(now)
      else back.hidden = following || isInSight(now)
    },
    fresh() {
      now = undefined
    },
  }
}

function isInSight(turn: HTMLElement): boolean {
  const box = turn.getBoundingClientRect()
  return box.bottom > 0 && box.top < innerHeight
}
