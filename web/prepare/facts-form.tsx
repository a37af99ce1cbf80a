import type { JSX } from 'preact'
import type { Council } from '../../storage/model/council.ts'
import { CheckField, SelectField, SetUpForm, TextField } from './fields.tsx'
import type { Values } from './form-state.ts'
import type { PrepareView } from './session-view.ts'

/** Kind, call, day, hour, place and language of a session, new or changed. */
export function FactsForm(props: {
  view: PrepareView
  council: Council
  act: 'create' | 'facts'
  seen: string
  action: string
  values: Values
  now?: Values
}): JSX.Element {
  const { view, values } = props
  const { words } = view
  const { fields, hints } = words
  return (
    <SetUpForm
      act={props.act}
      seen={props.seen}
      action={props.action}
      returned={view.returned}
      words={words}
      labels={fields}
      {...(props.now ? { now: props.now } : {})}
    >
      <div class="two">
        <SelectField
          name="kind"
          label={fields.kind}
          values={values}
          options={(['ordinary', 'extraordinary', 'extraordinary-urgent'] as const).map((one) => [one, words.kinds[one]] as const)}
        />
        <SelectField
          name="call"
          label={fields.call}
          values={values}
          options={(['1', '2'] as const).map((one) => [one, words.calls[one]] as const)}
        />
        <TextField name="day" type="date" label={fields.day} values={values} required />
        <TextField name="time" type="time" label={fields.time} values={values} hint={hints.time(props.council.timeZone)} required />
        <TextField name="place" label={fields.place} values={values} required />
        <SelectField
          name="language"
          label={fields.language}
          values={values}
          options={props.council.languages.map((one) => [one, words.languageNames[one]] as const)}
        />
        <TextField name="actaNumber" type="number" label={fields.actaNumber} values={values} hint={hints.actaNumber} />
        <CheckField name="recorded" label={fields.recorded} values={values} />
      </div>
      <p>
        <button class="btn main" type="submit">
          {props.act === 'create' ? words.create : words.save}
        </button>
      </p>
    </SetUpForm>
  )
}
