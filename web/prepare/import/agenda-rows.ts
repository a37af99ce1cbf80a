import { usualSection } from '../../../storage/model/agenda.ts'
import { type ItemKind, itemKind } from '../../../storage/model/session.ts'
import { prepareSessionWords } from '../../words/prepare-words.ts'
import type { ProposedAgenda, ProposedItem } from './agenda-text.ts'
import { guessKind } from './item-kind.ts'

type Column = 'title' | 'other' | 'kind' | 'section'

const names: readonly [pattern: RegExp, column: Column][] = [
  [/^(?:titulo|asunto|punto|title)(?: gl| en galego| \(gl\))?$/, 'title'],
  [/^(?:titulo|asunto)(?: es| en castelan| en castellano| \(es\))$/, 'other'],
  [/^(?:tipo|clase|kind)(?: de punto)?$/, 'kind'],
  [/^(?:parte|seccion|section|apartado)$/, 'section'],
]

/** The agenda a table proposes: by its headings when it has them, else the widest column is the title. */
export function proposeFromRows(rows: readonly string[][]): ProposedAgenda {
  const head = rows[0]?.map((cell) => names.find(([pattern]) => pattern.test(plain(cell)))?.[1]) ?? []
  const named = head.includes('title')
  const body = named ? rows.slice(1) : rows
  const titleAt = named ? head.indexOf('title') : widest(body)
  const at = (row: string[], column: Column) => (named && head.includes(column) ? (row[head.indexOf(column)] ?? '') : '')
  const items = body.flatMap((row): ProposedItem[] => {
    const title = (row[titleAt] ?? '').replace(/^\s*\d{1,3}\s*[.ºª)-]+\s*/u, '').trim()
    if (!/\p{L}/u.test(title)) return []
    const section = sectionNamed(at(row, 'section'))
    const kind = kindNamed(at(row, 'kind'))
    const guess = kind ? { kind, reason: 'column' as const } : guessKind(title, section)
    const other = at(row, 'other').trim()
    return [{ title, ...guess, section: section ?? usualSection(guess.kind), ...(other === '' ? {} : { other }) }]
  })
  return { items, ignored: body.filter((row) => !/\p{L}/u.test(row[titleAt] ?? '')).map((row) => row.join(' · ')) }
}

/** A kind by its code or by its name in either language. */
function kindNamed(text: string): ItemKind | undefined {
  const wanted = plain(text)
  return itemKind.options.find(
    (one) => one === wanted || (['gl', 'es'] as const).some((language) => plain(prepareSessionWords[language].itemKinds[one]) === wanted),
  )
}

function sectionNamed(text: string): 'resolutive' | 'control' | undefined {
  if (/control/i.test(text)) return 'control'
  return /resolut/i.test(text) ? 'resolutive' : undefined
}

function widest(rows: readonly string[][]): number {
  const width = (column: number) => rows.reduce((sum, row) => sum + (row[column]?.length ?? 0), 0)
  const columns = Math.max(0, ...rows.map((row) => row.length))
  return Array.from({ length: columns }, (_, index) => index).sort((one, other) => width(other) - width(one))[0] ?? 0
}

const plain = (text: string) => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase().trim()
