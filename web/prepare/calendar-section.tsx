import type { JSX } from 'preact'
import { type Holiday, knownHolidays } from '../../storage/model/working-days.ts'
import { seenOf } from '../../storage/records/set-up.ts'
import { Chip } from '../design/chip.tsx'
import { type CouncilView, dayWords, sectionHref } from './council-view.ts'
import { SelectField, SetUpForm, shownValues, TextField } from './fields.tsx'

/** The days that do not count: computed ones, and those the council enters. */
export function CalendarSection({ view }: { view: CouncilView }): JSX.Element {
  const { words, council, returned, today } = view
  const year = Number(today.slice(0, 4))
  const action = sectionHref(view, 'calendario')
  const values = shownValues(returned, 'holiday', { scope: 'local' })
  return (
    <section class="card pad stack">
      <h2>{words.sections.calendario}</h2>
      <p class="muted">{words.calendarLead}</p>
      {council.holidays.length === 0 ? <p>{words.calendarEmpty}</p> : null}
      <h3>{words.newHoliday}</h3>
      <SetUpForm act="holiday" seen={seenOf(null)} action={action} returned={returned} words={words}>
        <div class="two">
          <TextField name="day" type="date" label={words.fields.day} values={values} hint={words.hints.day} required />
          <TextField name="name" label={words.fields.name} values={values} required />
          <SelectField
            name="scope"
            label={words.fields.scope}
            values={values}
            options={(['local', 'galicia', 'state'] as const).map((one) => [one, words.scopes[one]] as const)}
          />
        </div>
        <p>
          <button class="btn main" type="submit">
            {words.add}
          </button>
        </p>
      </SetUpForm>
      {[year, year + 1].map((one) => (
        <YearList key={one} view={view} year={one} action={action} />
      ))}
    </section>
  )
}

function YearList({ view, year, action }: { view: CouncilView; year: number; action: string }): JSX.Element {
  const { words, council, visitor, returned } = view
  const entered = council.holidays.filter((one) => one.day.startsWith(`${year}-`))
  const known: Holiday[] = knownHolidays(year).filter((one) => !entered.some((own) => own.day === one.day))
  const days = [
    ...entered.map((one) => ({ day: one.day, name: one.name, scope: one.scope, own: true })),
    ...known.map((one) => ({ day: one.day, name: one.name[visitor.language], scope: one.scope, own: false })),
  ].sort((one, other) => (one.day < other.day ? -1 : 1))
  return (
    <>
      <h3>{words.calendarOf(String(year))}</h3>
      <ul class="lines">
        {days.map((one) => (
          <li key={one.day} class="row wrap">
            <span class="grow">
              <strong>{dayWords(one.day, visitor)}</strong> · {one.name} <span class="muted">({words.scopes[one.scope]})</span>
            </span>
            {one.own ? (
              <>
                <Chip tone="council">{words.calendarEntered}</Chip>
                <SetUpForm act="remove-holiday" seen={seenOf(null)} action={action} returned={returned} words={words} of={{ day: one.day }}>
                  <button class="btn" type="submit">
                    {words.remove}
                    <span class="hidden-text"> · {one.name}</span>
                  </button>
                </SetUpForm>
              </>
            ) : (
              <span class="small muted">{words.calendarKnown}</span>
            )}
          </li>
        ))}
      </ul>
    </>
  )
}
