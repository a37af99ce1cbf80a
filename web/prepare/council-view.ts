import type { Council } from '../../storage/model/council.ts'
import type { IsoDay } from '../../storage/model/working-days.ts'
import type { ListedCouncil } from '../council-of-request.ts'
import type { Pages } from '../pages.ts'
import type { Staff, Visitor } from '../visitor.ts'
import { longDate } from '../words/dates.ts'
import type { PrepareCouncilWords } from '../words/prepare-council-gl.ts'
import type { Returned } from './form-state.ts'

export const councilSections = ['datos', 'membros', 'grupos', 'asentos', 'calendario', 'materias', 'medios', 'emision'] as const
export type CouncilSection = (typeof councilSections)[number]

/** Everything a page of the council's set-up shows. */
export interface CouncilView {
  pages: Pages
  visitor: Visitor
  staff: Staff
  listed: ListedCouncil
  words: PrepareCouncilWords
  council: Council
  section: CouncilSection
  /** The person whose page it is, `novo` for somebody new. */
  member: string | undefined
  today: IsoDay
  returned: Returned | undefined
  done: 'done' | 'undone' | 'none' | undefined
  /** When this person made the change that «undo» takes back; undefined when there is none of theirs. */
  undoAtMs: number | undefined
}

/** Address of a section, in the visitor's language. */
export function sectionHref(view: Pick<CouncilView, 'visitor' | 'listed'>, section: CouncilSection, member?: string): string {
  return view.visitor.href(`/c/${view.listed.slug}/concello/${section}${member === undefined ? '' : `/${member}`}`)
}

/** «27 de outubro de 2026» */
export function dayWords(day: IsoDay, visitor: Visitor): string {
  return longDate(Date.parse(`${day}T12:00:00Z`), visitor.language, 'UTC')
}

/** «Uxía Castro» and whom they sit with, for lists to choose from. */
export function peopleOptions(of: Council): [value: string, label: string][] {
  return of.members
    .map((one): [string, string] => [one.id, `${one.surname}, ${one.name}`])
    .sort(([, one], [, other]) => one.localeCompare(other, 'gl'))
}
