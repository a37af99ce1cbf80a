import { joinNumerals } from './numerals.ts'

/** Which words count as the same: `raw` as written; `normalised` without case and punctuation, numbers as digits (numerals.ts). */
export type Spelling = 'raw' | 'normalised'

/** Words of a text, parted by white space. */
export function wordsOf(text: string, spelling: Spelling): string[] {
  if (spelling === 'raw') return text.split(/\s+/).filter(Boolean)
  const plain = text
    .normalize('NFC')
    .toLowerCase()
    .replaceAll(/(?<!\d)[.]|[.](?!\d)|[^\p{L}\p{N}\s.]/gu, ' ')
  return joinNumerals(plain.split(/\s+/).filter(Boolean))
}

/** Characters of a text (Unicode code points), words parted by one space. */
export function charactersOf(text: string, spelling: Spelling): string[] {
  return [...wordsOf(text, spelling).join(' ')]
}
