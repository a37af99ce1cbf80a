import type { JSX } from 'preact'
import type { Member } from '../../../storage/model/council.ts'
import { correctedMs, type Speaker } from '../../../storage/model/session-events.ts'
import { presentMembers } from '../../../storage/model/session-state.ts'
import { mediaClock } from '../../words/dates.ts'
import { conductWords, controlWords } from '../../words/staff-words.ts'
import { recentSpeakers, spokenTurns, timesOnItem } from '../floor-times.ts'
import { floorNow, openVote } from '../room.ts'
import type { RoomActs, RoomModel } from '../room-model.ts'

const recentCount = 3
/** A council so small is seen whole: nobody has to be looked for. */
const smallCouncil = 8

/** Who may be given the floor besides the corporation (R18, R19). */
const places = ['secretary', 'intervention', 'authorised-body', 'public'] as const

/** Who speaks: the last ones first, then everybody at a place that never moves, in the order of the council. */
export function Speakers({ model, acts }: { model: RoomModel; acts: RoomActs }): JSX.Element {
  const { seed, state, nowMs } = model
  const conduct = conductWords[seed.language]
  const present = new Set(presentMembers(state, seed.council))
  const members = seed.council.members.filter((one) => present.has(one.id))
  const turns = spokenTurns(state)
  const recent = members.length > smallCouncil ? recentSpeakers(turns, recentCount) : []
  const times = timesOnItem(turns, state.currentItem, nowMs)
  const tile = (speaker: Speaker) => <SpeakerTile key={speaker} speaker={speaker} spoke={times.get(speaker)} model={model} acts={acts} />
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a pane that scrolls is reached by keys also while its buttons rest (WCAG 2.1.1)
    <div class="speakers" tabIndex={0}>
      {recent.length === 0 ? null : (
        <>
          <h3 class="hidden-text">{conduct.recentSpeakers}</h3>
          <div class="people recent">{recent.map(tile)}</div>
          <h3 class="hidden-text">{conduct.everybody}</h3>
        </>
      )}
      <div class="people">
        {members.map((one) => tile(one.id))}
        {places.map(tile)}
      </div>
    </div>
  )
}

interface TileProps {
  speaker: Speaker
  spoke: { turns: number; ms: number } | undefined
  model: RoomModel
  acts: RoomActs
}

function SpeakerTile({ speaker, spoke, model, acts }: TileProps): JSX.Element {
  const { seed, state, nowMs } = model
  const words = controlWords[seed.language]
  const conduct = conductWords[seed.language]
  const floor = floorNow(state)
  const on = floor?.speaker === speaker
  const member = seed.council.members.find((one) => one.id === speaker)
  // R27: a tap meanwhile is answered with the article, so the tile stays within reach.
  const voting = openVote(state) !== undefined
  const role = speaker === state.presidency ? words.presidency : undefined
  const below = () => {
    if (on && floor.event.type === 'floor.given') {
      return `${conduct.turns[floor.event.turn]} · ${mediaClock(Math.max(0, nowMs - correctedMs(floor.event)))}`
    }
    if (spoke) return conduct.spoken(spoke.turns, mediaClock(spoke.ms))
    return role ?? groupOf(model, member)?.short ?? ''
  }
  return (
    <button
      type="button"
      class={`person ${groupClass(model, member)}`}
      aria-pressed={on}
      aria-disabled={voting ? true : undefined}
      disabled={!model.ready || state.phase === 'recess'}
      onClick={() => acts.floor(speaker)}
    >
      <b>{member ? member.surname : placeName(speaker, words, conduct)}</b>
      <small class={on || spoke ? 'num' : undefined}>{below()}</small>
    </button>
  )
}

function placeName(speaker: Speaker, words: { secretary: string }, conduct: (typeof conductWords)['gl']): string {
  if (speaker === 'secretary') return words.secretary
  if (speaker === 'intervention') return conduct.intervention
  return speaker === 'public' ? conduct.public : conduct.authorisedBody
}

function groupOf({ seed }: RoomModel, member: Member | undefined) {
  return seed.council.groups.find((one) => one.id === member?.group)
}

/** A colour for each group, in the order of the council; the tile says its initials, so the colour only helps the eye. */
export function groupClass({ seed }: RoomModel, member: Member | undefined): string {
  const at = seed.council.groups.findIndex((one) => one.id === member?.group)
  return at < 0 ? 'g-none' : `g-${at % 6}`
}
