import type { JSX } from 'preact'
import { Chip } from '../../design/chip.tsx'
import { exactTime } from '../../words/dates.ts'
import { chamberWords, conductWords, controlWords } from '../../words/staff-words.ts'
import type { RecentAct, RoomActs, RoomModel } from '../room-model.ts'
import { Sheet } from './sheet.tsx'

const stepMs = 5_000

/** The last mark with what may be done to it, the way to the four before, and whether everything is on the server. */
export function FootStrip({ model, acts }: { model: RoomModel; acts: RoomActs }): JSX.Element {
  const { seed, recent, pending, alone } = model
  const words = controlWords[seed.language]
  const conduct = conductWords[seed.language]
  const last = recent[0]
  return (
    <footer class="foot-strip">
      {last ? (
        <>
          <span class="last">
            {words.lastMark}: <b>{last.sentence}</b> <span class="num muted">{exactTime(last.atMs, seed.council.timeZone)}</span>
          </span>
          <MarkButtons of={last} model={model} acts={acts} />
          {recent.length > 1 ? (
            <button type="button" class="btn quiet older" disabled={!model.ready} onClick={() => acts.sheet('marks')}>
              {conduct.marksOpen}
            </button>
          ) : null}
        </>
      ) : (
        <span class="last muted">{words.noMarks}</span>
      )}
      <span class="grow" />
      <span data-pending={pending}>
        {pending === 0 && alone && alone.kept > 0 ? (
          <Chip tone="warn" icon="check">
            {chamberWords[seed.language].keptHere(alone.kept)}
          </Chip>
        ) : pending === 0 ? (
          <Chip tone="good" icon="check">
            {words.allStored}
          </Chip>
        ) : (
          <Chip tone="warn" icon="clock">
            {words.notStored(pending)}
          </Chip>
        )}
      </span>
    </footer>
  )
}

/** The last five marks of this tablet: each may be taken back or moved in time. */
export function MarksSheet({ model, acts }: { model: RoomModel; acts: RoomActs }): JSX.Element {
  const { seed, recent } = model
  const conduct = conductWords[seed.language]
  return (
    <Sheet title={conduct.marksTitle} closeWord={controlWords[seed.language].closeSheet} onClose={() => acts.sheet(null)}>
      <p class="muted">{conduct.marksHelp}</p>
      <ol class="marks">
        {recent.map((one) => (
          <li key={one.act}>
            <span class="last">
              <b>{one.sentence}</b> <span class="num muted">{exactTime(one.atMs, seed.council.timeZone)}</span>
            </span>
            <MarkButtons of={one} model={model} acts={acts} />
          </li>
        ))}
      </ol>
    </Sheet>
  )
}

function MarkButtons({ of, model, acts }: { of: RecentAct; model: RoomModel; acts: RoomActs }): JSX.Element {
  const words = controlWords[model.seed.language]
  const conduct = conductWords[model.seed.language]
  if (of.forGood) return <span class="small muted">{conduct.closedStays}</span>
  return (
    <span class="mark-buttons">
      <button type="button" class="btn" disabled={!model.ready} onClick={() => acts.undo(of.act)}>
        {words.undo}
        <span class="hidden-text">: {of.sentence}</span>
      </button>
      <button
        type="button"
        class="btn num"
        aria-label={conduct.earlierOf(of.sentence)}
        disabled={!model.ready}
        onClick={() => acts.nudge(of.act, -stepMs)}
      >
        {conduct.earlier}
      </button>
      <button
        type="button"
        class="btn num"
        aria-label={conduct.laterOf(of.sentence)}
        disabled={!model.ready}
        onClick={() => acts.nudge(of.act, stepMs)}
      >
        {conduct.later}
      </button>
    </span>
  )
}
