import type { JSX } from 'preact'
import { mattersOf } from '../../storage/model/matters.ts'
import { seenOf } from '../../storage/records/set-up.ts'
import { Chip } from '../design/chip.tsx'
import { type CouncilView, sectionHref } from './council-view.ts'
import { SelectField, SetUpForm, shownValues, TextField } from './fields.tsx'

/** The matters that need another majority or another vote (R25): the law's, and those of the council's own regulation. */
export function MattersSection({ view }: { view: CouncilView }): JSX.Element {
  const { words, council, returned, visitor } = view
  const action = sectionHref(view, 'materias')
  const values = shownValues(returned, 'matter', { majority: 'absolute', vote: 'any' })
  const own = new Set(council.matters.map((one) => one.key))
  return (
    <section class="card pad stack">
      <h2>{words.matterList}</h2>
      <p class="muted">{words.mattersLead}</p>
      <ul class="lines">
        {mattersOf(council).map((one) => (
          <li key={one.key} class="row wrap">
            <span class="grow">
              {one.name[visitor.language]} <span class="muted">({one.article})</span>
            </span>
            <Chip tone={one.majority === 'simple' ? 'plain' : 'council'}>
              {words.fields.majority} {words.majorities[one.majority]}
            </Chip>
            {one.vote === 'any' ? null : (
              <Chip>
                {words.fields.vote}: {words.votes[one.vote]}
              </Chip>
            )}
            {own.has(one.key) ? (
              <SetUpForm act="remove-matter" seen={seenOf(null)} action={action} returned={returned} words={words} of={{ matter: one.key }}>
                <button class="btn" type="submit">
                  {words.remove}
                  <span class="hidden-text"> · {one.name[visitor.language]}</span>
                </button>
              </SetUpForm>
            ) : null}
          </li>
        ))}
      </ul>
      <h3>{words.newMatter}</h3>
      <SetUpForm act="matter" seen={seenOf(null)} action={action} returned={returned} words={words}>
        <div class="two">
          <TextField name="nameGl" label={words.fields.nameGl} values={values} lang="gl" required />
          <TextField name="nameEs" label={words.fields.nameEs} values={values} lang="es" required />
          <SelectField
            name="majority"
            label={words.fields.majority}
            values={values}
            options={(['simple', 'absolute', 'two-thirds'] as const).map((one) => [one, words.majorities[one]] as const)}
          />
          <SelectField
            name="vote"
            label={words.fields.vote}
            values={values}
            options={(['any', 'secret-allowed', 'nominal-required'] as const).map((one) => [one, words.votes[one]] as const)}
          />
          <TextField name="article" label={words.fields.article} values={values} required />
        </div>
        <p>
          <button class="btn main" type="submit">
            {words.add}
          </button>
        </p>
      </SetUpForm>
    </section>
  )
}
