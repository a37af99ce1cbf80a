import type { Sentence } from '../../storage/model/acta.ts'
import type { Glossary } from '../../storage/model/glossary.ts'
import { suggestTerms, type TermSuggestion } from '../../storage/model/heard-terms.ts'
import type { Transcript } from '../../storage/model/transcript.ts'

/** What may have been misheard in a sentence: a word of its sound that still stands in it as it was heard, and the name it may be. Pure. */
export function termsIn(of: Sentence, transcript: Transcript | undefined, glossary: Glossary): TermSuggestion[] {
  const heard = new Set(of.sources.flatMap((one) => one.utterances))
  if (heard.size === 0) return []
  const spans = of.sources.map(({ fromMs, toMs }) => ({ fromMs, toMs }))
  const words = (transcript?.utterances ?? [])
    .filter((one) => heard.has(one.id))
    .flatMap((one) => one.words)
    .filter((word) => spans.some((span) => word.fromMs >= span.fromMs && word.toMs <= span.toMs))
  return suggestTerms(words, glossary).filter((one) => withTerm(of.text, one) !== of.text)
}

/** The sentence with the name in place of what was heard, where that stands as a word of its own. */
export function withTerm(text: string, { heard, term }: TermSuggestion): string {
  const literal = heard.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
  return text.replace(new RegExp(`(?<![\\p{L}\\p{N}])${literal}(?![\\p{L}\\p{N}])`, 'u'), () => term)
}
