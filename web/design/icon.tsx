import type { JSX } from 'preact'

/** Strokes on a 24-unit square, drawn for this product. An icon never stands without its word. */
const strokes = {
  check: 'M5 12.5 10 17.5 19.5 7',
  cross: 'M6 6 18 18M18 6 6 18',
  dash: 'M5 12H19',
  play: 'M8 5.5V18.5L18.5 12Z',
  alert: 'M12 4 21 19.5H3ZM12 10V14M12 17v.2',
  lock: 'M6 11H18V20H6ZM8.5 11V8a3.5 3.5 0 0 1 7 0v3',
  download: 'M12 4V15M7 11l5 5 5-5M5 20H19',
  shield: 'M12 3.5 19 6V11.5c0 4.4-3 7.4-7 9-4-1.6-7-4.6-7-9V6ZM8.8 12l2.4 2.4 4-4.6',
  file: 'M7 3.5H14L18 8V20.5H7ZM14 3.5V8H18',
  person: 'M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8ZM5 20.5c.6-4 3.4-6 7-6s6.4 2 7 6',
  clock: 'M12 20.5a8.5 8.5 0 1 0 0-17 8.5 8.5 0 0 0 0 17ZM12 7V12.5L15.5 14.5',
  record: 'M12 17a5 5 0 1 0 0-10 5 5 0 0 0 0 10Z',
  pause: 'M8.5 6V18M15.5 6V18',
  next: 'M6 5.5V18.5L15 12ZM18.5 5.5V18.5',
  text: 'M5 6.5H19M5 12H19M5 17.5H13',
} as const

export type IconName = keyof typeof strokes

export function Icon({ name }: { name: IconName }): JSX.Element {
  return (
    <svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d={strokes[name]} />
    </svg>
  )
}
