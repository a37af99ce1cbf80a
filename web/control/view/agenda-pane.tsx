import type { JSX } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import { correctedMs } from '../../../storage/model/session-events.ts'
import type { ItemState } from '../../../storage/model/session-state.ts'
import { Icon } from '../../design/icon.tsx'
import { mediaClock } from '../../words/dates.ts'
import { conductWords, controlWords } from '../../words/staff-words.ts'
import { openVote } from '../room.ts'
import type { RoomActs, RoomModel } from '../room-model.ts'
import { DraftLines } from './draft-lines.tsx'

/** The agenda: one tap opens an item and closes the one before; what else may become of it is behind the three dots. */
export function AgendaPane({ model, acts }: { model: RoomModel; acts: RoomActs }): JSX.Element {
  const words = controlWords[model.seed.language]
  const conduct = conductWords[model.seed.language]
  const { state, ready, seed } = model
  return (
    <section class="agenda">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a pane that scrolls is reached by keys also while its buttons rest (WCAG 2.1.1) */}
      <section class="items" aria-labelledby="agenda-title" tabIndex={0}>
        <h2 id="agenda-title">{words.agenda}</h2>
        <ol>
          {state.items.map((one) => (
            <AgendaRow key={one.item.id} of={one} model={model} acts={acts} />
          ))}
        </ol>
        {state.phase === 'open' && seed.session.kind === 'ordinary' ? (
          <button
            type="button"
            class="btn quiet urgency"
            disabled={!ready || openVote(state) !== undefined}
            onClick={() => acts.sheet('urgency')}
          >
            + {conduct.urgencyAdd}
          </button>
        ) : null}
      </section>
      <DraftLines model={model} acts={acts} />
    </section>
  )
}

function AgendaRow({ of, model, acts }: { of: ItemState; model: RoomModel; acts: RoomActs }): JSX.Element {
  const { seed, state } = model
  const words = controlWords[seed.language]
  const conduct = conductWords[seed.language]
  const { item, status } = of
  const now = state.currentItem === item.id
  const outcome = outcomeOf(of, model)
  const joined = joinedWith(of, model)
  const open = state.phase === 'open' || state.phase === 'closed-part'
  const row = useRef<HTMLLIElement>(null)
  useEffect(() => {
    if (now && row.current) bringIntoSight(row.current)
  }, [now])
  const below = [
    now ? `${words.itemKinds[item.kind]} · ${words.itemOpen}` : status === 'pending' ? undefined : (outcome?.text ?? statusWord(of, words)),
    joined === '' ? undefined : conduct.joinedWith(joined),
  ].filter((one) => one !== undefined)
  return (
    <li ref={row}>
      <button
        type="button"
        class={now ? 'item now' : status === 'pending' ? 'item' : 'item done'}
        aria-current={now ? 'step' : undefined}
        disabled={!model.ready || !open}
        onClick={() => acts.item(item.id)}
      >
        <span class="n num">
          {now ? <Icon name="play" /> : status === 'pending' ? null : <Icon name="check" />}
          {item.number}
        </span>
        <span class="title">
          {item.title[seed.language]}
          <small class={outcome?.approved ? 'approved' : undefined}>{below.join(' · ')}</small>
        </span>
        {now ? <b class="num since">{sinceOpened(model)}</b> : null}
      </button>
      {open && (now || status === 'pending') ? (
        <button
          type="button"
          class="btn quiet dots"
          aria-label={conduct.itemActs(item.number)}
          disabled={!model.ready || openVote(state) !== undefined}
          onClick={() => acts.itemSheet(item.id)}
        >
          <span aria-hidden="true">⋯</span>
        </button>
      ) : null}
    </li>
  )
}

/** The item that was just opened is seen, with a little of what comes next; only where the agenda moves in a pane of its own. */
function bringIntoSight(row: HTMLElement): void {
  const pane = row.closest('.items')
  if (pane && pane.scrollHeight > pane.clientHeight) row.scrollIntoView({ block: 'nearest' })
}

function statusWord(of: ItemState, words: (typeof controlWords)['gl']): string {
  if (of.status === 'withdrawn') return words.itemWithdrawn
  return of.status === 'postponed' ? words.itemPostponed : words.itemClosed
}

/** Numbers of the items that are debated together with one: «4, 5». */
function joinedWith(of: ItemState, { state }: RoomModel): string {
  const joined = state.events.flatMap((one) => (one.type === 'item.joined' ? [[one.item, ...one.items] as string[]] : []))
  const together = new Set(joined.filter((ids) => ids.includes(of.item.id)).flat())
  return state.items
    .filter((one) => one !== of && together.has(one.item.id))
    .map((one) => one.item.number)
    .join(', ')
}

function outcomeOf(of: ItemState, { state, seed }: RoomModel): { text: string; approved: boolean } | undefined {
  const words = controlWords[seed.language]
  const vote = state.votes.findLast((one) => one.item === of.item.id && one.status === 'proclaimed')
  if (of.status === 'withdrawn' || of.status === 'postponed' || !vote?.outcome || !vote.tally) return undefined
  const counts = `${vote.tally.favour} – ${vote.tally.against} – ${vote.tally.abstain}`
  return { text: words.proposed[vote.outcome](counts), approved: vote.outcome === 'approved' }
}

/** How long the current item has been open, by the clock of who opened it. */
function sinceOpened({ state, nowMs }: RoomModel): string {
  const opened = state.events.findLast((one) => one.type === 'item.opened')
  return opened ? mediaClock(Math.max(0, nowMs - correctedMs(opened))) : ''
}
