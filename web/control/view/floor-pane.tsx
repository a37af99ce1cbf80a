import type { JSX } from 'preact'
import type { Member } from '../../../storage/model/council.ts'
import { correctedMs, type Speaker } from '../../../storage/model/session-events.ts'
import { presentMembers } from '../../../storage/model/session-state.ts'
import { Icon } from '../../design/icon.tsx'
import { exactTime, mediaClock } from '../../words/dates.ts'
import { controlWords } from '../../words/staff-words.ts'
import { attestingMember, floorNow, nextItem, openVote } from '../room.ts'
import type { RoomActs, RoomModel } from '../room-model.ts'

/** Who speaks, one tap each; under it the acts of the session. Before the opening, the way to open it. */
export function FloorPane({ model, acts }: { model: RoomModel; acts: RoomActs }): JSX.Element {
  const words = controlWords[model.seed.language]
  const { phase } = model.state
  return (
    <section class="floor" aria-labelledby="floor-title">
      <h2 id="floor-title">{phase === 'before' ? words.notOpenTitle : phase === 'lifted' ? words.liftedTitle : words.speakers}</h2>
      {phase === 'before' ? <NotOpen model={model} acts={acts} /> : null}
      {phase === 'lifted' ? <p>{words.lifted(exactTime(model.state.liftedWallMs ?? 0, model.seed.council.timeZone).slice(0, 5))}</p> : null}
      {phase === 'open' || phase === 'recess' || phase === 'closed-part' ? (
        <>
          <Speakers model={model} acts={acts} />
          <SessionActs model={model} acts={acts} />
        </>
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

function Speakers({ model, acts }: { model: RoomModel; acts: RoomActs }): JSX.Element {
  const { seed, state, nowMs } = model
  const words = controlWords[seed.language]
  const floor = floorNow(state)
  const present = new Set(presentMembers(state, seed.council))
  const members = seed.council.members.filter((one) => present.has(one.id))
  const attesting = attestingMember(seed.council, seed.session, state)
  // R27: a tap meanwhile is answered with the article, so the tile stays within reach.
  const voting = openVote(state) !== undefined
  const since = floor ? mediaClock(Math.max(0, nowMs - correctedMs(floor.event))) : ''
  const tile = (speaker: Speaker, member: Member | undefined, role: string | undefined) => {
    const on = floor?.speaker === speaker
    return (
      <button
        key={speaker}
        type="button"
        class={`person ${groupClass(model, member)}`}
        aria-pressed={on}
        aria-disabled={voting ? true : undefined}
        disabled={!model.ready}
        onClick={() => acts.floor(speaker)}
      >
        <b>{member ? member.surname : words.secretary}</b>
        <small class={on ? 'num' : undefined}>{on ? words.speaking(since) : (role ?? member?.name ?? '')}</small>
      </button>
    )
  }
  return (
    <div class="people">
      {members.map((one) => tile(one.id, one, one.id === state.presidency ? words.presidency : undefined))}
      {tile('secretary', attesting, words.secretary)}
    </div>
  )
}

/** A colour for each group, in the order of the council; the tile says the name, so the colour only helps the eye. */
function groupClass({ seed }: RoomModel, member: Member | undefined): string {
  const at = seed.council.groups.findIndex((one) => one.id === member?.group)
  return at < 0 ? 'g-none' : `g-${at % 6}`
}

function SessionActs({ model, acts }: { model: RoomModel; acts: RoomActs }): JSX.Element {
  const { seed, state } = model
  const words = controlWords[seed.language]
  const next = nextItem(state)
  const voting = openVote(state) !== undefined
  return (
    <div class="acts">
      <button type="button" class="btn main next" disabled={!model.ready || !next || voting} onClick={() => acts.nextItem()}>
        {next ? (
          <>
            {state.currentItem === undefined && state.items.every((one) => one.status === 'pending') ? words.firstItem : words.nextItem}
            <Icon name="play" />
          </>
        ) : (
          words.noMoreItems
        )}
      </button>
      <button type="button" class={voting ? 'btn main' : 'btn'} disabled={!model.ready} onClick={() => acts.vote()}>
        {voting ? words.voteOpen : words.vote}
      </button>
      <button type="button" class="btn" disabled={!model.ready} onClick={() => acts.star()}>
        <span aria-hidden="true">★</span> {words.star}
      </button>
      <button type="button" class="btn" disabled={!model.ready || voting} onClick={() => acts.sheet('attendance')}>
        {words.attendance}
      </button>
    </div>
  )
}
