import type { JSX } from 'preact'
import { correctedMs } from '../../../storage/model/session-events.ts'
import type { ItemState } from '../../../storage/model/session-state.ts'
import { Icon } from '../../design/icon.tsx'
import { mediaClock } from '../../words/dates.ts'
import { controlWords } from '../../words/staff-words.ts'
import type { RoomActs, RoomModel } from '../room-model.ts'

/** The agenda: one tap opens an item and closes the one before. */
export function AgendaPane({ model, acts }: { model: RoomModel; acts: RoomActs }): JSX.Element {
  const words = controlWords[model.seed.language]
  return (
    <section class="agenda" aria-labelledby="agenda-title">
      <h2 id="agenda-title">{words.agenda}</h2>
      <ol>
        {model.state.items.map((one) => (
          <AgendaRow key={one.item.id} of={one} model={model} acts={acts} />
        ))}
      </ol>
    </section>
  )
}

function AgendaRow({ of, model, acts }: { of: ItemState; model: RoomModel; acts: RoomActs }): JSX.Element {
  const { seed, state } = model
  const words = controlWords[seed.language]
  const { item, status } = of
  const now = state.currentItem === item.id
  const outcome = outcomeOf(of, model)
  return (
    <li>
      <button
        type="button"
        class={now ? 'item now' : status === 'pending' ? 'item' : 'item done'}
        aria-current={now ? 'step' : undefined}
        disabled={!model.ready || state.phase !== 'open'}
        onClick={() => acts.item(item.id)}
      >
        <span class="n num">
          {now ? <Icon name="play" /> : status === 'pending' ? null : <Icon name="check" />}
          {item.number}
        </span>
        <span class="title">
          {item.title[seed.language]}
          <small class={outcome?.approved ? 'approved' : undefined}>
            {now
              ? `${words.itemKinds[item.kind]} · ${words.itemOpen}`
              : status === 'pending'
                ? null
                : (outcome?.text ?? statusWord(of, words))}
          </small>
        </span>
        {now ? <b class="num since">{sinceOpened(model)}</b> : null}
      </button>
    </li>
  )
}

function statusWord(of: ItemState, words: (typeof controlWords)['gl']): string {
  if (of.status === 'withdrawn') return words.itemWithdrawn
  return of.status === 'postponed' ? words.itemPostponed : words.itemClosed
}

function outcomeOf(of: ItemState, { state, seed }: RoomModel): { text: string; approved: boolean } | undefined {
  const words = controlWords[seed.language]
  const vote = state.votes.findLast((one) => one.item === of.item.id && one.status === 'proclaimed')
  if (!vote?.outcome || !vote.tally) return undefined
  const counts = `${vote.tally.favour} – ${vote.tally.against} – ${vote.tally.abstain}`
  return { text: words.proposed[vote.outcome](counts), approved: vote.outcome === 'approved' }
}

/** How long the current item has been open, by the clock of who opened it. */
function sinceOpened({ state, nowMs }: RoomModel): string {
  const opened = state.events.findLast((one) => one.type === 'item.opened')
  return opened ? mediaClock(Math.max(0, nowMs - correctedMs(opened))) : ''
}
