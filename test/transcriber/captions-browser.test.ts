import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Utterance } from '../../storage/model/transcript.ts'
import { toWebVtt } from '../../transcriber/formats/captions.ts'
import { browserMissing, openBrowser } from '../servers/browser.ts'
import { sampleEvidence } from './sample-audio.ts'

/** The sample's lines as a transcript: words share their line's time. */
async function sampleUtterances(): Promise<Utterance[]> {
  const { words } = await sampleEvidence()
  return words.map((line, i) => {
    const texts = line.text.split(' ')
    const [fromMs, toMs] = [line.start * 1000, line.end * 1000].map(Math.round) as [number, number]
    const step = (toMs - fromMs) / texts.length
    return {
      id: `u${i}`,
      fromMs,
      toMs,
      speaker: { id: line.speaker, confidence: 1, source: 'microphone' },
      language: line.label?.includes('es') ? 'es' : 'gl',
      languageConfidence: 1,
      status: 'ok',
      guards: [],
      words: texts.map((text, j) => ({
        id: `u${i}w${j}`,
        text,
        fromMs: Math.round(fromMs + j * step),
        toMs: Math.round(fromMs + (j + 1) * step),
        probability: 1,
        method: 'token',
      })),
    }
  })
}

describe.skipIf(browserMissing)(`captions in a real browser${browserMissing}`, () => {
  let browser: Browser
  beforeAll(async () => {
    browser = await openBrowser()
  })
  afterAll(async () => browser?.close())

  test('every cue of the sample is parsed, with its voice and its language', async () => {
    const utterances = await sampleUtterances()
    const transcript = {
      v: 1 as const,
      session: 's',
      version: 1,
      languages: ['gl' as const, 'es' as const],
      engine: { name: 'e', build: 'b' },
      model: null,
      evidence: [],
      utterances,
    }
    const vtt = toWebVtt(transcript, { names: new Map([['castro', 'Sra. Castro']]), notTranscribed: '[non transcrito]', language: 'gl' })
    const page = await browser.newPage()
    const cues = await page.evaluate(async (text) => {
      const video = document.createElement('video')
      const track = document.createElement('track')
      track.src = URL.createObjectURL(new Blob([text], { type: 'text/vtt' }))
      track.default = true
      video.append(track)
      document.body.append(video)
      await new Promise((resolve, reject) => {
        track.onload = resolve
        track.onerror = reject
        track.track.mode = 'showing'
      })
      return [...(track.track.cues ?? [])].map((cue) => {
        const shown = (cue as VTTCue).getCueAsHTML()
        return {
          from: cue.startTime,
          to: cue.endTime,
          text: shown.textContent ?? '',
          voice: shown.querySelector('span')?.title,
          raw: (cue as VTTCue).text,
        }
      })
    }, vtt)
    await page.close()
    expect(cues).toHaveLength(vtt.split(' --> ').length - 1)
    for (const [i, cue] of cues.entries()) {
      expect(cue.to).toBeGreaterThan(cue.from)
      expect(cue.to).toBeLessThanOrEqual(cues[i + 1]?.from ?? Number.POSITIVE_INFINITY)
      expect(cue.text.split('\n').every((line) => line.length <= 42)).toBe(true)
      expect(cue.text.length / (cue.to - cue.from)).toBeLessThanOrEqual(17.1)
      expect(cue.voice).not.toBe('')
    }
    expect(cues.some((cue) => cue.raw.includes('<lang es>') && !cue.text.includes('<'))).toBe(true)
    expect(cues.find((cue) => cue.voice === 'Sra. Castro')?.text).toMatch(/^Sra\. Castro: /)
    const shown = cues.map((cue) => cue.text.replaceAll('\n', ' ').replace(/^[^:]{3,20}: /, '')).join(' ')
    expect(shown).toBe(utterances.flatMap((one) => one.words.map((word) => word.text)).join(' '))
  })
})
