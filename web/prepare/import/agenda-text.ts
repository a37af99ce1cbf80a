import { usualSection } from '../../../storage/model/agenda.ts'
import type { AgendaItem, ItemKind } from '../../../storage/model/session.ts'
import { type GuessReason, guessKind } from './item-kind.ts'

/** An item as a text gives it, before anybody confirmed it: what it seems to be, and why. */
export interface ProposedItem {
  title: string
  kind: ItemKind
  section: AgendaItem['section']
  reason: GuessReason
  /** The other language's title, where the file has both. */
  other?: string
}

export interface ProposedAgenda {
  items: ProposedItem[]
  /** Lines that were taken for no item, in their order. */
  ignored: string[]
}

/** Where the agenda begins in a convocation. */
const opening = /^[\s\p{P}]*(?:orde\s+d[oa]\s+d[ií]a|orden\s+del\s+d[ií]a)\b[\s\p{P}]*$/iu
const roman = '[IVX]{1,5}'
const partHeading = new RegExp(
  `^\\s*(?:(?:${roman}|[A-H])\\s*[.)\\-–—:]+\\s*)?(?:\\d+[ªa]?\\s*[.)\\-–—]+\\s*)?(?:(?:parte|actividade|actividad)s?\\s*:?\\s+(?:(?:de|dedicada\\s+(?:a|á|ao|al)\\s*(?:la)?)\\s+)?)?(resolutiva|dispositiva|decisoria|control(?:\\s+[ey]\\s+fiscalizaci[oó]n)?|non\\s+resolutiva|no\\s+resolutiva|informativa)(?![\\p{L}]).*$`,
  'iu',
)
const ordinals =
  'primeir[oa]|primero|segund[oa]|terceir[oa]|tercer[oa]?|cuart[oa]|quint[oa]|sext[oa]|s[eé]timo|s[eé]ptimo|oitavo|octavo|noveno|d[eé]cimo(?:\\s+(?:primeiro|segundo|terceiro|cuarto|quinto|primero|tercero))?|und[eé]cimo|duod[eé]cimo'
const numbered = new RegExp(
  `^\\s*(?:punto\\s+)?(?:(\\d{1,3})(?:\\s*[.ºª°]{1,2}\\s*[-–—:)]*|\\s*[)\\-–—:]+)|(?:${ordinals})\\s*[.ºª]?\\s*[)\\-–—:.]+|(?:${roman})\\s*[.)][-–—]?)\\s+(.*)$`,
  'iu',
)
const inPart = /^\s*(\d{1,2})\.(\d{1,2})\.?[-–—)]*\s+(\S.*)$/u
const bullet = /^\s*[-–—•*·]\s+(.*)$/u

/** What follows the agenda in a convocation: orders, places, dates, signatures. From there on nothing is an item. */
const closing =
  /^\s*(?:o\s+que\s+(?:lle|se|lles)\b|lo\s+que\s+(?:se|le|les)\b|cúmprase|c[uú]mplase|mándao|m[aá]ndalo|o\s+alcalde\b|a\s+alcaldesa\b|el\s+alcalde\b|la\s+alcaldesa\b|a\s+secretaria\b|o\s+secretario\b|la\s+secretaria\b|el\s+secretario\b|documento\s+(?:asinado|firmado)|asinado\b|firmado\b|(?:en\s+)?\p{Lu}[\p{L}\s]{2,40},\s+(?:a\s+)?\d{1,2}\s+de\s+\p{L}+\s+(?:de|do)\s+\d{4}|se\s+(?:ruega|le\s+comunica)|prégaselle|notif[ií]quese|visto\s+e\s+prace|v\.?º\s*b\.?º|para\s+(?:o\s+caso\s+de|que\s+conste|el\s+caso)|a\s+documentación|la\s+documentación|de\s+non\s+(?:poder|existir|haber)|de\s+no\s+(?:poder|existir|haber))/iu

/** Lines printed on every page by the sede: code of verification, addresses, page numbers. */
const furniture =
  /^\s*(?:p[áa]x?(?:ina)?\.?\s*\d+|p[áa]gina\s+\d+|\d+\s*\/\s*\d+|\d+\s+de\s+\d+|-\s*\d+\s*-|c[oó]d(?:\.|igo)\s*(?:de\s+)?(?:seguro|validaci[oó]n|verificaci[oó]n)|csv\b|cve\b|https?:\/\/|www\.|.*\bverificaci[oó]n\s*:\s*https?:|.*\bplataforma\b.*\bp[áa]x?ina\b|(?:tel[eé]f|tlf|fax|cif|nif)\b|praza\s+d[oa]\b.*\b\d{5}\b|plaza\s+d[eo]\b.*\b\d{5}\b)/iu

/**
 * The agenda a text proposes: a convocation as councils write it, or a bare list. Wrapped lines are joined; headings give the part;
 * what stands before «orde do día» and after the list is left out. Pure, and linear in the length of the text.
 */
export function proposeAgenda(text: string): ProposedAgenda {
  const lines = text
    .slice(0, 200_000)
    .replaceAll('\r\n', '\n')
    .split('\n')
    .map((line) => line.slice(0, 2000).replace(/\s+/gu, ' ').trim())
  const begins = lines.findIndex((line) => opening.test(line))
  const ignored = lines.slice(0, begins + 1).filter((line) => line !== '')
  const body = lines.slice(begins + 1)
  const styled = body.some((line) => numbered.test(line) || inPart.test(line))
  const reader = new AgendaReader(styled, begins >= 0)
  for (const line of body) reader.take(line)
  const items = reader.items()
  return { items, ignored: [...ignored, ...reader.ignored] }
}

interface Draft {
  text: string
  section: AgendaItem['section'] | undefined
}

/** Goes down the lines of an agenda once, knowing in which part it stands and whether an item is open. */
class AgendaReader {
  readonly ignored: string[] = []
  readonly #drafts: Draft[] = []
  readonly #styled: boolean
  #section: AgendaItem['section'] | undefined
  #open = false
  #ended = false
  #begun: boolean
  #last = 0

  constructor(styled: boolean, begun: boolean) {
    this.#styled = styled
    this.#begun = begun
  }

  take(line: string): void {
    // Without numbers an empty line ends an item; with them a wrapped title may go on after a break of the page.
    if (line === '') this.#open &&= this.#styled
    else if (this.#ended || furniture.test(line)) this.#leave(line)
    else this.#read(line)
  }

  #read(line: string): void {
    const heading = line.length < 90 ? partHeading.exec(line) : null
    const item = inPart.exec(line)?.[3] ?? (heading ? undefined : this.#numberedItem(line))
    this.#ended = !heading && item === undefined && this.#drafts.length > 0 && closing.test(line)
    if (heading) this.#enter(heading[1] ?? '')
    else if (item !== undefined) this.#begin(item)
    else if (this.#ended) this.#leave(line)
    else if (!this.#styled) this.#loose(line)
    else if (this.#open) this.#continue(line)
    else this.#leave(line)
  }

  items(): ProposedItem[] {
    return this.#drafts.flatMap(({ text, section }) => {
      const title = text.replace(/[\s.;]+$/u, '').slice(0, 2000)
      if (!/\p{L}/u.test(title)) return []
      const { kind, reason } = guessKind(title, section)
      return [{ title, kind, section: section ?? usualSection(kind), reason }]
    })
  }

  /** «12. da lei» at the head of a wrapped line is no item: its number does not follow. */
  #numberedItem(line: string): string | undefined {
    const [whole, digits, text] = numbered.exec(line) ?? []
    if (whole === undefined || (digits === undefined && /^\s*\p{Ll}/u.test(whole))) return undefined
    if (digits === undefined) return text
    const number = Number(digits)
    if (number > this.#last + 5) return undefined
    this.#last = number
    return text
  }

  #enter(word: string): void {
    this.#section = /resolutiva|dispositiva|decisoria/iu.test(word) && !/^n/iu.test(word) ? 'resolutive' : 'control'
    this.#open = false
    this.#begun = true
  }

  #begin(text: string): void {
    this.#drafts.push({ text, section: this.#section })
    this.#open = true
    this.#begun = true
  }

  /** A list without numbers: a bullet or a line of its own is an item; a line that goes on in lower case is not. */
  #loose(line: string): void {
    const own = bullet.exec(line)?.[1]
    if (own !== undefined) this.#begin(own)
    else if (this.#open && /^[\p{Ll}(«"]/u.test(line)) this.#continue(line)
    else if (this.#begun || this.ignored.length === 0) this.#begin(line)
    else this.#leave(line)
  }

  #continue(line: string): void {
    const last = this.#drafts.at(-1)
    if (!last) return
    // A word cut at the end of its line: «modifi-» and «cación» are one.
    last.text = /\p{Ll}-$/u.test(last.text) && /^\p{Ll}/u.test(line) ? last.text.slice(0, -1) + line : `${last.text} ${line}`
  }

  #leave(line: string): void {
    this.ignored.push(line)
    if (!furniture.test(line)) this.#open = false
  }
}
