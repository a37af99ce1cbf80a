import { mediaClock } from '../../words/dates.ts'
import type { VerifyPageData } from '../page-data.ts'
import { toMediaMs } from '../playlist.ts'

/** Where in the recording the segment with this hash lies, by the published playlist. */
export async function findSegment(
  data: Pick<VerifyPageData, 'playlist' | 'pieces'>,
  sha256: string,
): Promise<{ from: string; to: string } | undefined> {
  const answer = await fetch(data.playlist).catch(() => undefined)
  if (!answer?.ok) return undefined
  let atMs = 0
  let lengthMs = 0
  for (const line of (await answer.text()).split('\n')) {
    const length = /^#EXTINF:([\d.]+)/.exec(line)?.[1]
    if (length !== undefined) lengthMs = Number(length) * 1000
    else if (line.endsWith('.ts')) {
      const fromMs = toMediaMs(atMs, data.pieces)
      if (line.includes(sha256)) return { from: mediaClock(fromMs), to: mediaClock(fromMs + lengthMs) }
      atMs += lengthMs
    }
  }
  return undefined
}
