import type { JSX } from 'preact'
import type { Seat } from '../../storage/model/council.ts'
import { seenOf } from '../../storage/records/set-up.ts'
import { type CouncilView, dayWords, peopleOptions, sectionHref } from './council-view.ts'
import { SelectField, SetUpForm, shownValues, TextField } from './fields.tsx'

/** Who sits where, with the microphone that hears it, and who sat there before. */
export function SeatsSection({ view }: { view: CouncilView }): JSX.Element {
  const { council, words, returned, today } = view
  const seats = council.seats.map((seat, index) => ({ seat, index })).sort((one, other) => one.seat.seat - other.seat.seat)
  const now = seats.filter(({ seat }) => seat.until === undefined || seat.until >= today)
  const before = seats.filter((one) => !now.includes(one))
  const values = shownValues(returned, 'seat', { from: today, seat: String(Math.max(0, ...council.seats.map((one) => one.seat)) + 1) })
  return (
    <section class="card pad stack">
      <h2>{words.sections.asentos}</h2>
      {seats.length === 0 ? <p>{words.seatsEmpty}</p> : <h3>{words.seatsNow}</h3>}
      <ul class="lines">
        {now.map(({ seat, index }) => (
          <li key={index} class="row wrap">
            <SeatLine view={view} seat={seat} />
            {seat.until ? null : <EndSeat view={view} seat={seat} index={index} />}
          </li>
        ))}
      </ul>
      <h3>{words.newSeat}</h3>
      <SetUpForm act="seat" seen={seenOf(council.seats)} action={sectionHref(view, 'asentos')} returned={returned} words={words}>
        <div class="two">
          <TextField name="seat" type="number" label={words.fields.seat} values={values} required />
          <SelectField
            name="member"
            label={words.fields.member}
            values={values}
            empty={words.choose}
            options={peopleOptions(council)}
            required
          />
          <TextField name="channel" type="number" label={words.fields.channel} values={values} hint={words.hints.channel} />
          <TextField name="from" type="date" label={words.fields.from} values={values} required />
        </div>
        <p>
          <button class="btn main" type="submit">
            {words.add}
          </button>
        </p>
      </SetUpForm>
      {before.length > 0 ? (
        <details>
          <summary>{words.seatsBefore}</summary>
          <ul class="lines">
            {before.map(({ seat, index }) => (
              <li key={index} class="row wrap">
                <SeatLine view={view} seat={seat} />
              </li>
            ))}
          </ul>
        </details>
      ) : null}
    </section>
  )
}

function SeatLine({ view, seat }: { view: CouncilView; seat: Seat }): JSX.Element {
  const { words, visitor, council } = view
  const who = council.members.find((one) => one.id === seat.member)
  const dates = seat.until
    ? words.fromTo(dayWords(seat.from, visitor), dayWords(seat.until, visitor))
    : words.sinceDay(dayWords(seat.from, visitor))
  return (
    <span class="grow">
      <strong>
        {words.fields.seat} {seat.seat}
      </strong>{' '}
      · {who ? `${who.name} ${who.surname}` : words.nobody}{' '}
      <span class="muted">
        {seat.channel === undefined ? '' : `· ${words.fields.channel} ${seat.channel} `}· {dates}
      </span>
    </span>
  )
}

function EndSeat({ view, seat, index }: { view: CouncilView; seat: Seat; index: number }): JSX.Element {
  const { words, returned, council } = view
  const of = { index: String(index) }
  return (
    <SetUpForm
      class="row wrap end"
      act="end-seat"
      seen={seenOf(council.seats)}
      action={sectionHref(view, 'asentos')}
      returned={returned}
      words={words}
      of={of}
    >
      <TextField
        name="until"
        type="date"
        label={words.endSeatDay}
        values={shownValues(returned, 'end-seat', { until: view.today }, of)}
        required
      />
      <button class="btn" type="submit">
        {words.endSeat}
        <span class="hidden-text">
          {' '}
          · {words.fields.seat} {seat.seat}
        </span>
      </button>
    </SetUpForm>
  )
}
