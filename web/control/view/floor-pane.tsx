import type { JSX } from 'preact'
import { Icon } from '../../design/icon.tsx'
import { exactTime } from '../../words/dates.ts'
import { conductWords, controlWords } from '../../words/staff-words.ts'
import { nextItem, openVote } from '../room.ts'
import type { RoomActs, RoomModel } from '../room-model.ts'
import { HeardStrip } from './heard-strip.tsx'
import { HoldButton } from './hold-button.tsx'
import { Speakers } from './speakers.tsx'

/** Who speaks, one tap each; under it the acts of the session. Before the opening, the way to open it. */
export function FloorPane({ model, acts }: { model: RoomModel; acts: RoomActs }): JSX.Element {
  const words = controlWords[model.seed.language]
  const conduct = conductWords[model.seed.language]
  const { phase, liftedWallMs } = model.state
  const over = phase === 'lifted' || phase === 'not-held'
  return (
    <section class="floor" aria-labelledby="floor-title">
      <h2 id="floor-title">
        {phase === 'before'
          ? words.notOpenTitle
          : phase === 'lifted'
            ? words.liftedTitle
            : phase === 'not-held'
              ? conduct.marks.notHeld
              : words.speakers}
      </h2>
      {phase === 'before' ? <NotOpen model={model} acts={acts} /> : null}
      {phase === 'lifted' ? <p>{words.lifted(exactTime(liftedWallMs ?? 0, model.seed.council.timeZone).slice(0, 5))}</p> : null}
      {phase === 'not-held' ? <p>{conduct.notHeldDone}</p> : null}
      {phase !== 'before' && !over ? (
        <>
          <HeardStrip model={model} acts={acts} />
          <Speakers model={model} acts={acts} />
          <SessionActs model={model} acts={acts} />
        </>
      ) : null}
      {phase === 'before' || over ? (
        <button type="button" class="btn quiet" disabled={!model.ready} onClick={() => acts.sheet('settings')}>
          {conduct.settings}
        </button>
      ) : null}
    </section>
  )
}

function NotOpen({ model, acts }: { model: RoomModel; acts: RoomActs }): JSX.Element {
  const words = controlWords[model.seed.language]
  const waits = model.word === 'ready'
  return (
    <>
      <p>{words.notOpen}</p>
      {waits ? <p class="muted">{words.recordFirst}</p> : null}
      <button type="button" class={waits ? 'btn next' : 'btn main next'} disabled={!model.ready} onClick={() => acts.sheet('roll')}>
        {words.openSession}
      </button>
    </>
  )
}

function SessionActs({ model, acts }: { model: RoomModel; acts: RoomActs }): JSX.Element {
  const { seed, state, ready } = model
  const words = controlWords[seed.language]
  const conduct = conductWords[seed.language]
  const next = nextItem(state)
  const voting = openVote(state) !== undefined
  const recess = state.phase === 'recess'
  const closed = state.phase === 'closed-part'
  return (
    <div class="acts">
      {recess ? (
        <button type="button" class="btn resume next" disabled={!ready} onClick={() => acts.mark([{ type: 'recess.ended' }])}>
          {conduct.recessEnd}
        </button>
      ) : (
        <button type="button" class="btn main next" disabled={!ready || !next || voting} onClick={() => acts.nextItem()}>
          {next ? (
            <>
              {state.currentItem === undefined && state.items.every((one) => one.status === 'pending') ? words.firstItem : words.nextItem}
              <Icon name="play" />
            </>
          ) : (
            words.noMoreItems
          )}
        </button>
      )}
      <button type="button" class={voting ? 'btn main' : 'btn'} disabled={!ready || recess} onClick={() => acts.vote()}>
        {voting ? words.voteOpen : words.vote}
      </button>
      <button type="button" class="btn" disabled={!ready} onClick={() => acts.star()}>
        <span aria-hidden="true">★</span> {words.star}
      </button>
      <button type="button" class="btn" disabled={!ready || voting} onClick={() => acts.sheet('attendance')}>
        {words.attendance}
      </button>
      <button
        type="button"
        class="btn"
        disabled={!ready || voting || recess || closed}
        onClick={() => acts.mark([{ type: 'recess.began' }])}
      >
        {conduct.recess}
      </button>
      <HoldButton
        class={closed ? 'btn closed on' : 'btn closed'}
        icon="lock"
        label={closed ? conduct.closedOpenHold : conduct.closedHold}
        hint={conduct.holdOn}
        disabled={!ready || (voting && !closed) || recess}
        onHeld={() => acts.closedHeld()}
        onAsked={() => acts.sheet('closed')}
      />
      <button type="button" class="btn" disabled={!ready} onClick={() => acts.sheet('more')}>
        {conduct.more}
      </button>
    </div>
  )
}
