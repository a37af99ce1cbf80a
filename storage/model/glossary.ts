import { type Council, fullName, type Language } from './council.ts'
import type { AgendaItem, Session } from './session.ts'

/**
 * Words that a recognizer seldom knows and a council always says: names of its people and groups, of its places, numbers of files. The
 * first lists of the record first; each once.
 */
export interface Glossary {
  /** Surnames and full names, who presides first. */
  people: string[]
  groups: string[]
  /** Of the municipality, and what the council wrote into its vocabulary: parishes, streets, firms. */
  places: string[]
  /** From the titles of the agenda: names in capitals and numbers of files. */
  agenda: string[]
}

const capitalised = /\p{Lu}[\p{L}’'-]{2,}(?:\s+(?:d[aeo]s?|del?|la|las|los|[aeo]s?)\s+\p{Lu}[\p{L}’'-]{2,}|\s+\p{Lu}[\p{L}’'-]{2,})*/gu
const fileNumber = /\b(?:[A-Z]{1,6}[-/ ])?\d{1,6}\/\d{2,4}\b/g

/** What is known before a word is heard. Pure. */
export function glossaryOf(council: Council, session: Pick<Session, 'agenda'>): Glossary {
  const chairs = (one: Council['members'][number]) => (one.roles.some((role) => role.office === 'mayor') ? 0 : 1)
  const people = [...council.members].sort((a, b) => chairs(a) - chairs(b)).map(fullName)
  return {
    people: once(people),
    groups: once(council.groups.map((one) => one.name)),
    places: once([council.municipality, ...council.vocabulary]),
    agenda: once(session.agenda.flatMap((item) => namesIn(item))),
  }
}

/** Names and file numbers in an item's titles; the first word of a title is capital by rule, not by name. */
function namesIn(item: AgendaItem): string[] {
  return [item.title.gl, item.title.es].flatMap((title) => {
    const names = [...title.matchAll(capitalised)].filter((one) => one.index > 0).map((one) => one[0])
    return [...names, ...(title.match(fileNumber) ?? [])]
  })
}

/**
 * The most bytes a prompt may have. Whisper looks at 224 tokens of it at most (half of its text context), and a token of its byte-level
 * alphabet stands for one byte or more: so many bytes are never more tokens, whatever the model's vocabulary.
 */
export const mostPromptBytes = 224

const sentences: Record<
  Language,
  { session: (place: string) => string; item: (title: string) => string; attend: (names: string) => string }
> = {
  gl: { session: (place) => `Pleno de ${place}.`, item: (title) => `${title}.`, attend: (names) => `Interveñen ${names}.` },
  es: { session: (place) => `Pleno de ${place}.`, item: (title) => `${title}.`, attend: (names) => `Intervienen ${names}.` },
}

/**
 * What a recognizer is told before it hears a chunk of an item (none before the first): a natural sentence in the session's language, who
 * attends first, then what the item is about and the places, as far as they fit. Pure.
 */
export function promptOf(
  glossary: Glossary,
  council: Pick<Council, 'municipality'>,
  of: { language: Language; item?: AgendaItem | undefined },
): string {
  const say = sentences[of.language]
  const own = of.item ? namesIn(of.item) : []
  const surnames = once(glossary.people.map((name) => name.split(' ').slice(1).join(' ') || name))
  const opening = say.session(council.municipality)
  const about = own.length > 0 ? say.item(once(own).join(', ')) : ''
  const room = mostPromptBytes - bytesOf(opening) - 1
  const title = bytesOf(about) <= room / 2 ? about : ''
  const names = fitting([...surnames, ...glossary.groups, ...glossary.places], room - bytesOf(title) - bytesOf(say.attend('')) - 1)
  return [opening, title, names.length > 0 ? say.attend(names.join(', ')) : ''].filter((part) => part !== '').join(' ')
}

/** As many of the first as fit, joined by commas. */
function fitting(terms: readonly string[], most: number): string[] {
  const kept: string[] = []
  let used = 0
  for (const term of terms) {
    const needed = bytesOf(term) + (kept.length > 0 ? 2 : 0)
    if (used + needed > most) continue
    used += needed
    kept.push(term)
  }
  return kept
}

const bytesOf = (text: string) => new TextEncoder().encode(text).length
const once = (terms: readonly string[]) => [...new Set(terms.map((one) => one.trim()).filter((one) => one !== ''))]
