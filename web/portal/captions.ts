import type { WithheldSpan } from '../../storage/model/closed-parts.ts'
import { isWithheld } from '../../storage/model/public-view.ts'
import { type Piece, toPlayerMs } from './playlist.ts'

const timing = /^((?:\d+:)?\d\d:\d\d\.\d{3})[ \t]+-->[ \t]+((?:\d+:)?\d\d:\d\d\.\d{3})(.*)$/

/**
 * WebVTT as the player needs it: without the cues that touch a withheld span, and on the player's clock, which leaves gaps out.
 * @param vtt cues on the media line
 */
export function publicCaptions(vtt: string, spans: readonly WithheldSpan[], pieces: readonly Piece[]): string {
  const blocks = vtt.replace(/\r\n?/g, '\n').split(/\n{2,}/)
  const kept = blocks.flatMap((block) => {
    const rows = block.split('\n')
    const at = rows.findIndex((row) => timing.test(row))
    const match = timing.exec(rows[at] ?? '')
    if (!match) return [block]
    const [fromMs, toMs] = [parseClock(match[1]), parseClock(match[2])]
    if (isWithheld(fromMs, toMs, spans)) return []
    const [from, to] = [toPlayerMs(fromMs, pieces), toPlayerMs(toMs, pieces)]
    if (to <= from) return []
    return [[...rows.slice(0, at), `${clock(from)} --> ${clock(to)}${match[3] ?? ''}`, ...rows.slice(at + 1)].join('\n')]
  })
  return `${kept.join('\n\n').trimEnd()}\n`
}

function parseClock(stamp = '0:00.000'): number {
  const parts = stamp.split(':').map(Number)
  return Math.round(parts.reduce((sum, part) => sum * 60 + part, 0) * 1000)
}

function clock(ms: number): string {
  const pad = (n: number, size = 2) => String(n).padStart(size, '0')
  const whole = Math.floor(ms / 1000)
  return `${pad(Math.floor(whole / 3600))}:${pad(Math.floor(whole / 60) % 60)}:${pad(whole % 60)}.${pad(Math.round(ms) % 1000, 3)}`
}
