import type { JSX } from 'preact'
import { longDate } from '../../words/dates.ts'
import { controlWords } from '../../words/staff-words.ts'
import type { RoomActs, RoomModel, Sheet } from '../room-model.ts'
import { AgendaPane } from './agenda-pane.tsx'
import { AttendanceSheet, RollSheet } from './attendance-sheets.tsx'
import { ClosedSheet } from './closed-part.tsx'
import { FloorPane } from './floor-pane.tsx'
import { FootStrip, MarksSheet } from './foot-strip.tsx'
import { ItemSheet, UrgencySheet } from './item-sheets.tsx'
import { MoreSheet } from './more-sheet.tsx'
import { Notices } from './notices.tsx'
import { RecorderPane } from './recorder-pane.tsx'
import { SetAsideSheet } from './set-aside.tsx'
import { SettingsSheet } from './settings-sheet.tsx'
import { StateStrip } from './state-strip.tsx'
import { StopSheet } from './stop-sheet.tsx'
import { VoteSheet } from './vote-sheet.tsx'

type View = (of: { model: RoomModel; acts: RoomActs }) => JSX.Element | null

const sheets: Record<Sheet, View> = {
  roll: RollSheet,
  attendance: AttendanceSheet,
  vote: VoteSheet,
  stop: StopSheet,
  item: ItemSheet,
  urgency: UrgencySheet,
  closed: ClosedSheet,
  marks: MarksSheet,
  more: MoreSheet,
  settings: SettingsSheet,
  'set-aside': SetAsideSheet,
}

/** The chamber page, drawn by the server first and by the tablet from then on: a function of its model. */
export function RoomView({ model, acts }: { model: RoomModel; acts: RoomActs }): JSX.Element {
  const { seed, sheet, state, leftHand } = model
  const words = controlWords[seed.language]
  const Open = sheet === null ? null : sheets[sheet]
  return (
    <div class={`room${leftHand ? ' left-hand' : ''}${state.phase === 'closed-part' ? ' is-closed' : ''}`}>
      <StateStrip model={model} />
      <Notices model={model} acts={acts} />
      <main id="contido">
        <h1 class="hidden-text">
          {words.title}: {words.kinds[seed.session.kind]}, {longDate(seed.session.convenedFor, seed.language, seed.council.timeZone)}
        </h1>
        <RecorderPane model={model} acts={acts} />
        <AgendaPane model={model} acts={acts} />
        <FloorPane model={model} acts={acts} />
      </main>
      <FootStrip model={model} acts={acts} />
      {Open ? <Open model={model} acts={acts} /> : null}
    </div>
  )
}
