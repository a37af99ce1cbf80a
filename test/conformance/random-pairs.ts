import type { Turn } from '../../transcriber/formats/rttm.ts'
import type { StmLine } from '../../transcriber/formats/stm.ts'

/** Numbers from 0 to 1, the same for the same seed (mulberry32). */
export function randomNumbers(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}

export interface RandomPair {
  reference: StmLine[]
  hypothesis: StmLine[]
  turns: [Turn[], Turn[]]
}

const vocabulary = 'o a de pleno concello orzamento si non grazas señora voto favor abstención moción rolda día'.split(' ')

/** A reference of up to seven speakers, and a result of it: words changed, lost and added, speakers merged and split, times moved. */
export function randomPair(seed: number): RandomPair {
  const random = randomNumbers(seed)
  const below = (limit: number) => Math.floor(random() * limit)
  const word = () => vocabulary[below(vocabulary.length)] ?? 'o'
  const speakers = 1 + below(7)
  const reference: StmLine[] = []
  const free = new Array<number>(speakers).fill(0)
  for (let i = 0; i < 4 + below(25); i++) {
    const speaker = below(speakers)
    const start = Math.round(((free[speaker] ?? 0) + 0.05 + random() * 12) * 1000) / 1000
    const end = Math.round((start + 0.3 + random() * 9) * 1000) / 1000
    free[speaker] = end
    reference.push(line(`r${speaker}`, start, end, Array.from({ length: 1 + below(14) }, word)))
  }
  const others = 1 + below(8)
  const naming = Array.from({ length: speakers }, () => below(others))
  const moved = (at: number) => Math.max(0, Math.round((at + (random() - 0.5) * (random() < 0.2 ? 16 : 1)) * 1000) / 1000)
  const wanted = reference.flatMap((one) => {
    if (random() < 0.08) return []
    const words = one.text
      .split(' ')
      .flatMap((text) => (random() < 0.1 ? [] : random() < 0.1 ? [word()] : random() < 0.1 ? [text, word()] : [text]))
    const start = moved(one.start)
    const speaker = random() < 0.1 ? below(others) : (naming[Number(one.speaker.slice(1))] ?? 0)
    return words.length === 0 ? [] : [line(`h${speaker}`, start, Math.max(start + 0.05, moved(one.end)), words)]
  })
  const hypothesis = withoutSelfOverlap(wanted.length > 0 ? wanted : [line('h0', 1, 2, ['o'])])
  return { reference, hypothesis, turns: [turnsOf(reference), turnsOf(hypothesis)] }
}

function line(speaker: string, start: number, end: number, words: string[]): StmLine {
  return { file: 'pair', channel: '1', speaker, start, end, text: words.join(' ') }
}

/** One person says one thing at a time: what outside tools make of anything else differs. */
function withoutSelfOverlap(lines: StmLine[]): StmLine[] {
  const free = new Map<string, number>()
  return [...lines]
    .sort((a, b) => a.start - b.start)
    .map((one) => {
      const start = Math.max(one.start, free.get(one.speaker) ?? 0)
      const end = Math.max(one.end, start + 0.05)
      free.set(one.speaker, end + 0.001)
      return { ...one, start, end }
    })
}

function turnsOf(lines: readonly StmLine[]): Turn[] {
  return lines.map(({ file, speaker, start, end }) => ({ file, speaker, start, end }))
}
