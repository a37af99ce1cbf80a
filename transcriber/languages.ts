import type { Language } from '../storage/model/council.ts'
import type { Recognition, RecognizeOptions, SpeechRecognizer } from './speech-recognizer.ts'

/** Recognition in one of the council's languages. `confidence` is null when the engine gives no probabilities of languages. */
export interface RecognizedIn {
  recognition: Recognition
  language: Language
  confidence: number | null
  /** What the engine took it for first, or Portuguese that was counted as Galician. */
  heardAs?: string
  /** The sound left it open: the same in the other language. */
  alternative?: { language: Language; recognition: Recognition }
}

/** Two languages nearer than this are both decoded. */
const closeProbability = 0.2

export interface LanguageChoice {
  language: Language
  confidence: number | null
  /** The second likeliest, when it is close. */
  other?: Language
  heardAs?: string
}

/**
 * Recognises a chunk in one of `allowed`, never translated. Where the engine tells probabilities of languages they are asked for first,
 * and a chunk whose sound leaves it open is decoded in both. Else the engine chooses by itself, and what it takes for a language that
 * nobody speaks here is decoded once more in the likeliest allowed one.
 */
export async function recognizeWithin(
  recognizer: SpeechRecognizer,
  pcm: Uint8Array,
  choice: LanguageChoice | readonly Language[],
  options: Omit<RecognizeOptions, 'language'>,
): Promise<RecognizedIn> {
  if ('language' in choice) {
    const { other, ...chosen } = choice
    const recognition = await recognizer.recognize(pcm, { ...options, language: choice.language })
    if (other === undefined) return { recognition, ...chosen }
    const second = await recognizer.recognize(pcm, { ...options, language: other })
    return { recognition, ...chosen, alternative: { language: other, recognition: second } }
  }
  const recognition = await recognizer.recognize(pcm, { ...options, language: 'auto' })
  const likeliest = choice.find((one) => one === recognition.language) ?? (choice.includes('gl') ? 'gl' : (choice[0] ?? 'gl'))
  if (recognition.language === likeliest) return { recognition, language: likeliest, confidence: null }
  const again = await recognizer.recognize(pcm, { ...options, language: likeliest })
  return { recognition: again, language: likeliest, confidence: null, heardAs: recognition.language }
}

/** Which of `allowed` a chunk is decoded in; `allowed` itself where the engine does not tell. */
export async function chooseLanguage(
  recognizer: SpeechRecognizer,
  pcm: Uint8Array,
  allowed: readonly Language[],
  options: { signal?: AbortSignal } = {},
): Promise<LanguageChoice | readonly Language[]> {
  const only = allowed.length === 1 ? allowed[0] : undefined
  if (only) return { language: only, confidence: null }
  const given = await recognizer.detectLanguage(pcm, options)
  return given === null ? allowed : restrictLanguage(given, allowed)
}

/** The likeliest allowed language; what was taken for Portuguese counts as Galician, and says so. */
export function restrictLanguage(given: Record<string, number>, allowed: readonly Language[]): LanguageChoice {
  const portuguese = allowed.includes('gl') ? (given.pt ?? 0) : 0
  const mass = allowed.map((one) => ({ one, p: (given[one] ?? 0) + (one === 'gl' ? portuguese : 0) })).sort((a, b) => b.p - a.p)
  const [best, second] = mass
  const sum = mass.reduce((total, { p }) => total + p, 0)
  const fallback = allowed.includes('gl') ? 'gl' : (allowed[0] ?? 'gl')
  const first = Object.keys(given).reduce((a, b) => ((given[b] ?? 0) > (given[a] ?? 0) ? b : a), fallback)
  const heardAs = allowed.some((one) => one === first) ? {} : { heardAs: first }
  if (!best || !second || sum <= 0) return { language: best && best.p > 0 ? best.one : fallback, confidence: null, ...heardAs }
  const confidence = best.p / sum
  const close = confidence - second.p / sum < closeProbability
  return { language: best.one, confidence, ...(close ? { other: second.one } : {}), ...heardAs }
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
  const leaning = prior + leaningOfWords(words)
  const language: Language = leaning >= 0 ? 'gl' : 'es'
  return { language, confidence: chunk.confidence === null ? null : 1 / (1 + Math.exp(-Math.abs(leaning))) }
}

/** What the words themselves say: logarithm of odds, above zero for Galician. */
export function leaningOfWords(words: readonly string[]): number {
  let leaning = 0
  for (const word of words.map((one) => one.toLowerCase().replaceAll(/[^\p{L}]/gu, ''))) {
    const [gl, es] = [marks.gl.has(word) || shapes.gl.test(word), marks.es.has(word) || shapes.es.test(word)]
    if (gl !== es) leaning += gl ? 1.2 : -1.2
  }
  return leaning
}
