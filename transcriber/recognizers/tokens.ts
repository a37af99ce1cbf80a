import type { HeardWord } from '../speech-recognizer.ts'

export interface HeardToken {
  text: string
  fromMs: number
  toMs: number
  probability: number | null
}

/** Joins tokens to words: a token that begins with a space begins a word; punctuation belongs to the word before it. */
export function joinTokens(tokens: readonly HeardToken[]): HeardWord[] {
  const groups: HeardToken[][] = []
  for (const token of tokens) {
    if (token.text === '' || /^\s*\[_[A-Z]+[^\]]*\]$/.test(token.text)) continue
    const group = groups.at(-1)
    if (group && !/^\s/.test(token.text)) group.push(token)
    else groups.push([token])
  }
  return groups.flatMap(wordOf)
}

function wordOf(group: HeardToken[]): HeardWord[] {
  const text = group
    .map((token) => token.text)
    .join('')
    .trim()
  const spoken = group.filter((token) => /[\p{L}\p{N}]/u.test(token.text))
  const [first, last] = [spoken[0] ?? group[0], spoken.at(-1) ?? group.at(-1)]
  if (text === '' || !first || !last) return []
  const known = spoken.map((token) => token.probability).filter((one) => one !== null)
  // The least sure part of a word is how sure the word is.
  const probability = known.length === 0 ? null : Math.min(1, Math.max(0, Math.min(...known)))
  return [{ text, fromMs: first.fromMs, toMs: Math.max(last.toMs, first.fromMs), probability, method: 'token' }]
}

/** Words of a text whose own times are not known: each takes time by its letters. */
export function spreadWords(text: string, fromMs: number, toMs: number): HeardWord[] {
  const words = text.trim().split(/\s+/).filter(Boolean)
  const letters = words.reduce((sum, word) => sum + word.length + 1, 0)
  let passed = 0
  return words.map((word) => {
    const start = fromMs + ((toMs - fromMs) * passed) / letters
    passed += word.length + 1
    const end = fromMs + ((toMs - fromMs) * passed) / letters
    return { text: word, fromMs: Math.round(start), toMs: Math.round(end), probability: null, method: 'spread' }
  })
}
