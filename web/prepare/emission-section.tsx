import type { JSX } from 'preact'
import { seenOf } from '../../storage/records/set-up.ts'
import { Strip } from '../design/chip.tsx'
import { emissionOf } from './council-acts.ts'
import { type CouncilView, sectionHref } from './council-view.ts'
import { AreaField, CheckField, SelectField, SetUpForm, shownValues } from './fields.tsx'
import type { Values } from './form-state.ts'

/** Whether the session is seen while it runs, and what is recorded while it is closed to the public, with the keys that open it. */
export function EmissionSection({ view }: { view: CouncilView }): JSX.Element {
  const { words, council, returned } = view
  const stored: Values = {
    liveView: council.liveView ? 'yes' : '',
    closedPartRecording: council.closedPartRecording,
    closedPartKeys: council.closedPartKeys.join('\n'),
  }
  const values = shownValues(returned, 'emission', stored)
  const { fields, hints, emission } = words
  const withoutKeys = council.closedPartRecording === 'restricted' && council.closedPartKeys.length < 2
  return (
    <section class="card pad stack">
      <h2>{words.sections.emision}</h2>
      <SetUpForm
        act="emission"
        seen={seenOf(emissionOf(council))}
        action={sectionHref(view, 'emision')}
        returned={returned}
        words={words}
        now={stored}
        labels={fields}
      >
        <CheckField name="liveView" label={fields.liveView} values={values} hint={hints.liveView} />
        <SelectField
          name="closedPartRecording"
          label={fields.closedPartRecording}
          values={values}
          hint={hints.closedPartRecording}
          options={[
            ['none', emission.none],
            ['restricted', emission.restricted],
          ]}
        />
        <AreaField name="closedPartKeys" label={fields.closedPartKeys} values={values} hint={hints.closedPartKeys} rows={3} />
        {withoutKeys ? (
          <Strip tone="warn" icon="alert">
            {council.closedPartKeys.length === 0 ? emission.noKeys : emission.oneKey}
          </Strip>
        ) : null}
        <Strip tone="closed" icon="lock">
          {emission.keyLost}
        </Strip>
        <p>
          <button class="btn main" type="submit">
            {words.save}
          </button>
        </p>
      </SetUpForm>
    </section>
  )
}
