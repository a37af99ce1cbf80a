import type { JSX } from 'preact'
import { longDate } from '../../words/dates.ts'
import { controlWords } from '../../words/staff-words.ts'
import type { RoomActs, RoomModel } from '../room-model.ts'
import { AgendaPane } from './agenda-pane.tsx'
import { AlarmBand } from './alarm-band.tsx'
import { AttendanceSheet, RollSheet } from './attendance-sheets.tsx'
import { FloorPane } from './floor-pane.tsx'
import { FootStrip, Troubles } from './foot-strip.tsx'
import { RecorderPane } from './recorder-pane.tsx'
import { StateStrip } from './state-strip.tsx'
import { StopSheet } from './stop-sheet.tsx'
import { VoteSheet } from './vote-sheet.tsx'

/** The chamber page, drawn by the server first and by the tablet from then on: a function of its model. */
export function RoomView({ model, acts }: { model: RoomModel; acts: RoomActs }): JSX.Element {
  const { seed, sheet } = model
  const words = controlWords[seed.language]
  return (
    <>
      <StateStrip model={model} />
      <AlarmBand model={model} />
      <Troubles model={model} acts={acts} />
      <main id="contido">
        <h1 class="hidden-text">
          {words.title}: {words.kinds[seed.session.kind]}, {longDate(seed.session.convenedFor, seed.language, seed.council.timeZone)}
        </h1>
        <RecorderPane model={model} acts={acts} />
        <AgendaPane model={model} acts={acts} />
        <FloorPane model={model} acts={acts} />
      </main>
      <FootStrip model={model} acts={acts} />
      {sheet === 'roll' ? <RollSheet model={model} acts={acts} /> : null}
      {sheet === 'attendance' ? <AttendanceSheet model={model} acts={acts} /> : null}
      {sheet === 'vote' ? <VoteSheet model={model} acts={acts} /> : null}
      {sheet === 'stop' ? <StopSheet model={model} acts={acts} /> : null}
    </>
  )
}
