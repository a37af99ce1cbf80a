import type { SpeakerClue } from './speaker-clue.ts'

/** A recognised word at its place on the media line. */
export interface PlacedWord {
  text: string
  fromMs: number
  toMs: number
}

/** Who may be called by name. `surname` as the chair says it; `chairs` for who presides. */
export interface CalledPerson {
  speaker: string
  surname: string
  chairs?: boolean
}

/** Nobody speaks longer than this on one call without being called again. */
const longestTurnMs = 900_000
/** A sentence ends at its full stop, or at such a pause. */
const pauseMs = 700

/**
 * The chair gives the floor: «Ten a palabra a señora Castro», «Tiene la palabra el señor Otero», «Ahora responde o señor Ribadiz»,
 * «Dáselle a palabra á señora Castro». The name must follow and end the call.
 */
const calls = [
  /\b(?:ten|teñen|tiene|tienen|dáselle|dóulle|dámoslle|cédelle|se le da|le doy|damos)\s+(?:a|la)\s+palabra\s+(?:a|o|á|ao|la|el|al|a la|a o|para)?\s*(?:señora|señor|sra|sr|dona|don|doña|concelleira|concelleiro|concejala|concejal)?\s*(?<name>\p{L}+(?:\s+\p{L}+)?)/u,
  /\b(?:responde|intervén|interviene|contesta|continúa)\s+(?:a|o|la|el)\s+(?:señora|señor|sra|sr|concelleira|concelleiro|concejala|concejal)\s+(?<name>\p{L}+(?:\s+\p{L}+)?)/u,
  /\b(?:a|o|la|el)\s+(?:señora|señor)\s+(?<name>\p{L}+)\s+(?:ten|tiene)\s+(?:a|la)\s+palabra/u,
]

/** What only who presides says: it ends whatever turn there was. */
const formulas = [
  /^(?:ábrese|ábrese|se abre|levántase|se levanta) (?:a|la) sesión/u,
  /^(?:pasamos|vamos|imos) (?:a|á|ao|al) (?:a |la )?(?:votación|votar|seguinte punto|siguiente punto|punto)/u,
  /^(?:votos|abstencións|abstenciones)(?: a favor| en contra)?$/u,
  /^(?:queda|quedan|resulta) (?:aprobad|rexeitad|rechazad)[oa]s?/u,
  /^punto (?:primeiro|primero|segundo|terceiro|tercero|cuarto|quinto|sexto|número)/u,
]

/**
 * Who speaks by the chair's words: the chair over the sentence that gives the floor, then who was called, until the chair's next words.
 * A name that two people share calls nobody.
 */
export function chairClues(words: readonly PlacedWord[], people: readonly CalledPerson[], untilMs: number): SpeakerClue[] {
  const chair = people.find((one) => one.chairs)
  const clues: SpeakerClue[] = []
  const sentences = sentencesOf(words)
  let turn: { speaker: string; fromMs: number } | undefined
  const end = (atMs: number) => {
    if (turn && atMs > turn.fromMs)
      clues.push({ speaker: turn.speaker, fromMs: turn.fromMs, toMs: Math.min(atMs, turn.fromMs + longestTurnMs), source: 'chair-words' })
    turn = undefined
  }
  for (const sentence of sentences) {
    const called = calledIn(sentence.text, people)
    const formula = formulas.some((one) => one.test(sentence.text))
    if (!called && !formula) continue
    end(sentence.fromMs)
    if (chair) clues.push({ speaker: chair.speaker, fromMs: sentence.fromMs, toMs: sentence.toMs, source: 'chair-words' })
    if (called) turn = { speaker: called.speaker, fromMs: sentence.toMs }
  }
  end(untilMs)
  return clues
}

function calledIn(text: string, people: readonly CalledPerson[]): CalledPerson | undefined {
  for (const call of calls) {
    const name = call.exec(text)?.groups?.['name']
    if (name === undefined) continue
    const found = people.filter((one) => {
      const surname = plain(one.surname).split(' ')
      return surname[0] === name.split(' ')[0] || plain(one.surname) === name
    })
    if (found.length === 1) return found[0]
  }
  return undefined
}

interface Sentence {
  text: string
  fromMs: number
  toMs: number
}

function sentencesOf(words: readonly PlacedWord[]): Sentence[] {
  const found: Sentence[] = []
  let open: Sentence | undefined
  for (const word of [...words].sort((a, b) => a.fromMs - b.fromMs)) {
    if (open && word.fromMs - open.toMs < pauseMs) {
      open.text += ` ${plain(word.text)}`
      open.toMs = word.toMs
    } else {
      open = { text: plain(word.text), fromMs: word.fromMs, toMs: word.toMs }
      found.push(open)
    }
    if (/[.?!…]$/.test(word.text)) open = undefined
  }
  return found
}

function plain(text: string): string {
  return text
    .normalize('NFC')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s]/gu, ' ')
    .trim()
    .replaceAll(/\s+/g, ' ')
}
