import type { JSX } from 'preact'
import { seenOf } from '../../storage/records/set-up.ts'
import { type CouncilView, sectionHref } from './council-view.ts'
import { SetUpForm, shownValues, TextField } from './fields.tsx'

/** The list «medios»: whom each convocation is told to outside the corporation (R7). */
export function MediaSection({ view }: { view: CouncilView }): JSX.Element {
  const { words, council, returned } = view
  const action = sectionHref(view, 'medios')
  const values = shownValues(returned, 'recipient', {})
  return (
    <section class="card pad stack">
      <h2>{words.sections.medios}</h2>
      <p class="muted">{words.mediaLead}</p>
      {council.recipients.length === 0 ? <p>{words.mediaEmpty}</p> : null}
      <ul class="lines">
        {council.recipients.map((one) => (
          <li key={one.id} class="row wrap">
            <span class="grow">
              <strong>{one.name}</strong> <span class="muted">{one.email}</span>
            </span>
            <SetUpForm
              act="remove-recipient"
              seen={seenOf(null)}
              action={action}
              returned={returned}
              words={words}
              of={{ recipient: one.id }}
            >
              <button class="btn" type="submit">
                {words.remove}
                <span class="hidden-text"> · {one.name}</span>
              </button>
            </SetUpForm>
          </li>
        ))}
      </ul>
      <h3>{words.newRecipient}</h3>
      <SetUpForm act="recipient" seen={seenOf(null)} action={action} returned={returned} words={words}>
        <div class="two">
          <TextField name="name" label={words.fields.name} values={values} required />
          <TextField name="email" type="email" label={words.fields.email} values={values} required />
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
