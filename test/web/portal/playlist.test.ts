import { describe, expect, test } from 'vitest'
import { newId, recorderId } from '../../../storage/model/ids.ts'
import { publicCaptions } from '../../../web/portal/captions.ts'
import { leapFrom, piecesOf, playlist, toMediaMs, toPlayerMs } from '../../../web/portal/playlist.ts'

const recorder = recorderId.parse(newId())
const line = (part: number, index: number, ptsMs: number, durationMs = 4000) => ({
  recorder,
  part,
  index,
  ptsMs,
  durationMs,
  wallMs: 1_800_000_000_000 + ptsMs,
  sha256: `${part}${index}`.padStart(64, '0'),
})
/** Two segments, a pause of a minute, then two more as another part, of which the first is withheld. */
const lines = [line(0, 0, 0), line(0, 1, 4000), line(1, 1, 72_000), line(1, 2, 76_000)]

describe('the playlist', () => {
  const text = playlist(lines, (one) => `segmentos/${one.sha256}.ts`)

  test('names every segment by its hash and ends', () => {
    expect(text.match(/^segmentos\/[0-9a-f]{64}\.ts$/gm)).toHaveLength(4)
    expect(text.startsWith('#EXTM3U\n')).toBe(true)
    expect(text.endsWith('#EXT-X-ENDLIST\n')).toBe(true)
  })

  test('says a discontinuity where the line breaks and the wall clock at each beginning', () => {
    expect(text.match(/#EXT-X-DISCONTINUITY/g)).toHaveLength(1)
    expect(text.match(/#EXT-X-PROGRAM-DATE-TIME:2027-01-15T08:0\d:\d\d\.000Z/g)).toHaveLength(2)
  })

  test('breaks where a segment was left out of the middle', () => {
    expect(playlist([line(0, 0, 0), line(0, 2, 8000)], String).match(/DISCONTINUITY/g)).toHaveLength(1)
  })

  test('tells the longest segment, rounded up', () => {
    expect(playlist([line(0, 0, 0, 4200)], String)).toContain('#EXT-X-TARGETDURATION:5\n')
  })
})

describe('the player and the media line', () => {
  const pieces = piecesOf(lines)

  test('agree within a piece and leap over what is not there', () => {
    expect(pieces).toEqual([
      { playsAtMs: 0, fromMs: 0, lengthMs: 8000 },
      { playsAtMs: 8000, fromMs: 72_000, lengthMs: 8000 },
    ])
    expect(toPlayerMs(5000, pieces)).toBe(5000)
    expect(toPlayerMs(74_000, pieces)).toBe(10_000)
    expect(toMediaMs(10_000, pieces)).toBe(74_000)
  })

  test('a place in a gap leads to what comes after it, a place past the end to the end', () => {
    expect(toPlayerMs(30_000, pieces)).toBe(8000)
    expect(toPlayerMs(900_000, pieces)).toBe(16_000)
  })

  test('every place that is played comes back from the other clock', () => {
    for (let ms = 0; ms < 16_000; ms += 500) expect(toPlayerMs(toMediaMs(ms, pieces), pieces)).toBe(ms)
  })
})

describe('where another recorder takes over', () => {
  const spare = recorderId.parse(newId())
  // The first one's second segment was cut for the record at 5.5 s, where one of the spare begins; both lie whole in the list.
  const taken = piecesOf([
    line(0, 0, 0),
    line(0, 1, 4000),
    { ...line(0, 3, 5500), recorder: spare },
    { ...line(0, 4, 9500), recorder: spare },
  ])

  test('what lies twice counts once, in the second', () => {
    expect(taken).toEqual([
      { playsAtMs: 0, fromMs: 0, lengthMs: 5500 },
      { playsAtMs: 8000, fromMs: 5500, lengthMs: 8000 },
    ])
    expect(taken.reduce((sum, piece) => sum + piece.lengthMs, 0)).toBe(13_500)
    expect([5400, 5500, 7000].map((ms) => toPlayerMs(ms, taken))).toEqual([5400, 8000, 9500])
    expect([5400, 6000, 8000, 9500].map((ms) => toMediaMs(ms, taken))).toEqual([5400, 5500, 5500, 7000])
  })

  test('the player leaps over it, and nowhere else', () => {
    expect([0, 5499, 5500, 7700, 7900, 8000, 15_999, 99_000].map((ms) => leapFrom(ms, taken))).toEqual([
      ...[undefined, undefined, 8000, 8000, undefined, undefined, undefined, undefined],
    ])
    for (let ms = 0; ms <= 16_000; ms += 250) expect(leapFrom(ms, piecesOf(lines))).toBeUndefined()
    expect(leapFrom(0, [])).toBeUndefined()
  })
})

describe('captions', () => {
  const vtt = [
    'WEBVTT',
    'NOTE made by a machine',
    'u1\n00:00:01.000 --> 00:00:03.000\n<v Uxía Castro>Boas tardes',
    '00:01:13.000 --> 00:01:15.500 line:0\nDespois da pausa',
    '01:00:00.000 --> 01:00:02.000\nFóra',
  ].join('\n\n')

  test('move to the clock of the player', () => {
    const shown = publicCaptions(vtt, [], piecesOf(lines))
    expect(shown).toContain('u1\n00:00:01.000 --> 00:00:03.000\n<v Uxía Castro>Boas tardes')
    expect(shown).toContain('00:00:09.000 --> 00:00:11.500 line:0\nDespois da pausa')
    expect(shown).not.toContain('Fóra')
    expect(shown.startsWith('WEBVTT\n\nNOTE')).toBe(true)
  })

  test('lose every cue that touches what is withheld', () => {
    const shown = publicCaptions(vtt, [{ fromMs: 2000, toMs: 60_000 }], piecesOf(lines))
    expect(shown).not.toContain('Boas tardes')
    expect(shown).toContain('Despois da pausa')
  })
})
