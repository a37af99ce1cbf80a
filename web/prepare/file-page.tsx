import type { JSX } from 'preact'
import { fileGaps, type SlotState } from '../../storage/model/session-file.ts'
import type { KeptFileEntry } from '../../storage/records/session-files.ts'
import { seenOf } from '../../storage/records/set-up.ts'
import { Chip, Strip } from '../design/chip.tsx'
import { longDate } from '../words/dates.ts'
import { SetUpForm, shownValues, TextField } from './fields.tsx'
import { PrepareFrame } from './prepare-frame.tsx'
import { type PrepareView, type SessionSetUp, setUpHref } from './session-view.ts'

interface FilePageProps {
  view: PrepareView
  setUp: SessionSetUp
  slots: SlotState[]
  kept: readonly KeptFileEntry[]
  done: string | undefined
}

/** The expediente, slot by slot, with what is missing said first. */
export function FilePage(props: FilePageProps): JSX.Element {
  const { view, setUp, slots } = props
  const { words } = view
  const gaps = fileGaps(slots).length
  return (
    <PrepareFrame
      view={view}
      title={words.fileTitle}
      back={{ href: setUpHref(view, setUp.session.slug), label: words.backToSession }}
      done={props.done}
    >
      <p class="muted">{words.fileLead}</p>
      <Strip tone={gaps === 0 ? 'good' : 'warn'} icon={gaps === 0 ? 'check' : 'alert'}>
        {gaps === 0 ? words.fileComplete : words.fileGaps(gaps)}
      </Strip>
      {slots.map((slot) => (
        <SlotSection key={slot.slot} {...props} slot={slot} />
      ))}
    </PrepareFrame>
  )
}

function SlotSection({ view, setUp, kept, slot }: FilePageProps & { slot: SlotState }): JSX.Element {
  const { words, visitor } = view
  const action = setUpHref(view, setUp.session.slug, '/expediente')
  const of = { slot: slot.slot }
  const held = slot.known ? words.slotKnown[slot.slot as keyof typeof words.slotKnown] : undefined
  const when = (id: string) => longDate(kept.find((one) => one.id === id)?.atMs ?? 0, visitor.language, setUp.council.timeZone)
  return (
    <section class="card pad stack" data-slot={slot.slot} data-complete={slot.complete ? 'yes' : 'no'}>
      <div class="row wrap">
        <h2 class="grow">
          {slot.letter}) {words.slots[slot.slot]}
        </h2>
        <Chip tone={slot.complete ? 'good' : 'warn'} icon={slot.complete ? 'check' : 'alert'}>
          {slot.complete ? words.slotComplete : words.slotMissing}
        </Chip>
      </div>
      {held ? <p>{held}</p> : null}
      <ul class="lines">
        {slot.entries.map((entry) => (
          <li key={entry.id} class="row wrap">
            <span class="grow">
              {entry.text} <span class="small muted">{words.entryBy(when(entry.id))}</span>
            </span>
            <SetUpForm
              act="take-back"
              seen={seenOf(null)}
              action={action}
              returned={view.returned}
              words={words}
              of={{ ...of, entry: entry.id }}
            >
              <button class="btn" type="submit">
                {words.takeBack}
                <span class="hidden-text"> · {entry.text}</span>
              </button>
            </SetUpForm>
          </li>
        ))}
      </ul>
      <SetUpForm class="row wrap end" act="file" seen={seenOf(null)} action={action} returned={view.returned} words={words} of={of}>
        <div class="grow">
          <TextField name="text" label={words.fields.text} values={shownValues(view.returned, 'file', {}, of)} max={500} required />
        </div>
        <button class="btn" type="submit">
          {words.fileEntry}
          <span class="hidden-text"> · {words.slots[slot.slot]}</span>
        </button>
      </SetUpForm>
    </section>
  )
}
