import type { Language } from '../storage/model/council.ts'
import type { Recognition, RecognizeOptions, SpeechRecognizer } from './speech-recognizer.ts'

/** Recognition in one of the council's languages. `confidence` is null when the engine gives no probabilities of languages. */
export interface RecognizedIn {
  recognition: Recognition
  language: Language
  confidence: number | null
  /** The engine took it for another language first. */
  heardAs?: string
}

/**
 * Recognises a chunk in one of `allowed`. The engine chooses by itself; what it takes for a language that nobody speaks here (Galician is
 * often taken for Portuguese) is decoded once more in the likeliest allowed one. Never translated.
 */
export async function recognizeWithin(
  recognizer: SpeechRecognizer,
  pcm: Uint8Array,
  allowed: readonly Language[],
  options: Omit<RecognizeOptions, 'language'>,
): Promise<RecognizedIn> {
  const only = allowed.length === 1 ? allowed[0] : undefined
  if (only) return { recognition: await recognizer.recognize(pcm, { ...options, language: only }), language: only, confidence: null }
  const recognition = await recognizer.recognize(pcm, { ...options, language: 'auto' })
  const likeliest = restrictLanguage(recognition, allowed)
  if (recognition.language === likeliest.language) return { recognition, ...likeliest }
  const again = await recognizer.recognize(pcm, { ...options, language: likeliest.language })
  return { recognition: again, ...likeliest, heardAs: recognition.language }
}

/** The likeliest allowed language; what was taken for Portuguese counts as Galician. */
export function restrictLanguage(
  of: Pick<Recognition, 'language' | 'languageProbabilities'>,
  allowed: readonly Language[],
): { language: Language; confidence: number | null } {
  const fallback = allowed.find((one) => one === of.language) ?? (allowed.includes('gl') ? 'gl' : (allowed[0] ?? 'gl'))
  const given = of.languageProbabilities
  if (given === null) return { language: fallback, confidence: null }
  const mass = allowed.map((one) => ({ one, p: (given[one] ?? 0) + (one === 'gl' ? (given.pt ?? 0) : 0) }))
  const sum = mass.reduce((total, { p }) => total + p, 0)
  if (sum <= 0) return { language: fallback, confidence: null }
  const best = mass.reduce((a, b) => (b.p > a.p ? b : a))
  return { language: best.one, confidence: best.p / sum }
}

const marks: Record<Language, ReadonlySet<string>> = {
  gl: new Set(
    'o os as e do da das ao aos á ás no na nos nas un unha dun dunha polo pola polos polas co coa cos coas non é son ten temos hai xa moi máis tamén isto iso eu nós grazas señor bos boas pleno concello axudas orzamento imos remata sete oito nove dez once doce vinte trinta trece dous dúas tres catro abstencións'.split(
      ' ',
    ),
  ),
  es: new Set(
    'el la los las y del al una unos unas es son tiene tenemos hay ya muy más también esto eso yo nosotros gracias buenos buenas ayuntamiento ayudas presupuesto vamos ahora siete ocho nueve diez once doce veinte treinta trece dos tres cuatro abstenciones lo su por con'.split(
      ' ',
    ),
  ),
}

/** Spellings that one language has and the other lacks: «unanimidade», «unha», «xunta»; «unanimidad», «mayoría», «junta». */
const shapes: Record<Language, RegExp> = { gl: /dade(s)?$|nh|^x|ións$/, es: /dad(es)?$|j|y.|ciones$/ }

/**
 * Language of an utterance: its own small words speak louder than the chunk's language, which may hold several speakers.
 * @param chunk what the recognizer found for the chunk the words come from
 */
export function languageOfWords(
  words: readonly string[],
  chunk: { language: Language; confidence: number | null },
  allowed: readonly Language[],
): { language: Language; confidence: number | null } {
  const only = allowed.length === 1 ? allowed[0] : undefined
  if (only) return { language: only, confidence: chunk.confidence }
  const known = Math.min(0.73, Math.max(0.27, chunk.confidence ?? 0.6))
  // A speaker may change language within a chunk: at most one small word.
  const prior = Math.log(known / (1 - known)) * (chunk.language === 'gl' ? 1 : -1)
  let leaning = prior
  for (const word of words.map((one) => one.toLowerCase().replaceAll(/[^\p{L}]/gu, ''))) {
    const [gl, es] = [marks.gl.has(word) || shapes.gl.test(word), marks.es.has(word) || shapes.es.test(word)]
    if (gl !== es) leaning += gl ? 1.2 : -1.2
  }
  const language: Language = leaning >= 0 ? 'gl' : 'es'
  return { language, confidence: chunk.confidence === null ? null : 1 / (1 + Math.exp(-Math.abs(leaning))) }
}
