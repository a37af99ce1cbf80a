import type { JSX } from 'preact'
import { conductWords, controlWords } from '../../words/staff-words.ts'
import type { HeardSpeaker } from '../heard-speakers.ts'
import { speakerName } from '../room.ts'
import type { RoomActs, RoomModel } from '../room-model.ts'
import { groupClass } from './speakers.tsx'

/**
 * Who seems to speak, by the open microphones: one tap confirms it and marks the floor. It marks nothing by itself (R29). Its place is
 * there from the beginning and keeps its size, so that nothing moves when a microphone is opened.
 */
export function HeardStrip({ model, acts }: { model: RoomModel; acts: RoomActs }): JSX.Element | null {
  const { heard, linked, seed } = model
  if (heard === undefined) return null
  const conduct = conductWords[seed.language]
  const shown = linked ? heard.places : heard.places.map(() => null)
  const empty = shown.every((one) => one === null)
  return (
    <section class="heard" aria-labelledby="heard-title">
      <h3 id="heard-title" class="small">
        {conduct.heardTitle}
      </h3>
      {empty ? <p class="small muted">{linked ? conduct.heardNone : conduct.heardNoLine}</p> : null}
      {shown.map((one, place) => (
        <div key={place} class="heard-place">
          {one ? <Heard of={one} model={model} acts={acts} /> : null}
        </div>
      ))}
      {linked && heard.more > 0 ? (
        <span class="heard-more num">
          <span aria-hidden="true">+{heard.more}</span>
          <span class="hidden-text">{conduct.heardMore(heard.more)}</span>
        </span>
      ) : null}
    </section>
  )
}

function Heard({ of, model, acts }: { of: HeardSpeaker; model: RoomModel; acts: RoomActs }): JSX.Element {
  const { seed, state, ready, heard } = model
  const conduct = conductWords[seed.language]
  const { speaker } = of
  if (speaker === undefined) {
    return (
      <p class="person still">
        <b>{conduct.heardSeat(of.seat)}</b>
        <small>{conduct.heardNobody}</small>
      </p>
    )
  }
  const member = seed.council.members.find((one) => one.id === speaker)
  const name = member?.surname ?? speakerName(speaker, seed.council, { ...conduct, secretary: controlWords[seed.language].secretary })
  if (of.hasFloor) {
    return (
      <p class={`person still ${groupClass(model, member)}`}>
        <b>{name}</b>
        <small>{conduct.heardHasFloor}</small>
      </p>
    )
  }
  return (
    <button
      type="button"
      class={`person ${groupClass(model, member)}`}
      disabled={!ready || state.phase === 'recess'}
      onClick={() => acts.heard(speaker)}
      {...(heard?.newest === speaker ? { 'aria-keyshortcuts': 'm' } : {})}
    >
      <b>{name}</b>
      <small>{conduct.heardConfirm}</small>
    </button>
  )
}
