import type { JSX } from 'preact'
import { mayMove } from '../../storage/model/agenda.ts'
import type { AgendaItem } from '../../storage/model/session.ts'
import { seenOf } from '../../storage/records/set-up.ts'
import { Chip } from '../design/chip.tsx'
import { orderOf } from './session-acts.ts'
import { type PrepareView, type SessionSetUp, setUpHref } from './session-view.ts'

const parts = ['resolutive', 'control'] as const

/** The agenda in its two parts; each item moves by its buttons, or by Alt and an arrow when the page has its script. */
export function AgendaSection({ view, setUp, moved }: { view: PrepareView; setUp: SessionSetUp; moved: Moved | undefined }): JSX.Element {
  const { words } = view
  const { session, open } = setUp
  return (
    <section class="card pad stack" id="orde">
      <div class="row wrap">
        <h2 class="grow">{words.agenda}</h2>
        {open ? (
          <>
            <a class="btn" href={setUpHref(view, session.slug, '/importar')}>
              {words.importLink}
            </a>
            <a class="btn main" href={setUpHref(view, session.slug, '/punto/novo')}>
              {words.newItem}
            </a>
          </>
        ) : null}
      </div>
      {session.agenda.length === 0 ? <p>{words.agendaEmpty}</p> : null}
      {session.agenda.length === 0
        ? null
        : parts.map((part) => {
            const items = session.agenda.filter((one) => one.section === part)
            return (
              <div key={part} class="stack">
                <h3>{words.sections[part]}</h3>
                {items.length === 0 ? <p class="muted">{words.partEmpty}</p> : null}
                <ol class="lines agenda">
                  {items.map((item) => (
                    <AgendaLine key={item.id} view={view} setUp={setUp} item={item} moved={moved} />
                  ))}
                </ol>
              </div>
            )
          })}
      {open && session.agenda.length > 1 ? <p class="small muted keys">{words.hints.move}</p> : null}
    </section>
  )
}

/** The item that was just moved, and which way: its button keeps the focus. */
export interface Moved {
  item: string
  by: 'up' | 'down'
}

function AgendaLine({
  view,
  setUp,
  item,
  moved,
}: {
  view: PrepareView
  setUp: SessionSetUp
  item: AgendaItem
  moved: Moved | undefined
}): JSX.Element {
  const { words, visitor } = view
  const { session, open } = setUp
  return (
    <li class="row wrap" value={item.number} data-item={item.id} id={`punto-${item.id}`}>
      <span class="number num">{item.number}</span>
      <span class="grow">
        <span class="deed" lang={visitor.language}>
          {item.title[visitor.language]}
        </span>{' '}
        <Chip tone={item.kind === 'urgency' ? 'council' : 'plain'}>{words.itemKinds[item.kind]}</Chip>
      </span>
      {open ? (
        <span class="row">
          <MoveForm view={view} setUp={setUp} item={item} by="up" focus={moved?.item === item.id && moved.by === 'up'} />
          <MoveForm view={view} setUp={setUp} item={item} by="down" focus={moved?.item === item.id && moved.by === 'down'} />
          <a class="btn" href={setUpHref(view, session.slug, `/punto/${item.id}`)}>
            {words.editItem}
            <span class="hidden-text"> · {words.itemTitle(item.number)}</span>
          </a>
        </span>
      ) : null}
    </li>
  )
}

interface MoveProps {
  view: PrepareView
  setUp: SessionSetUp
  item: AgendaItem
  by: 'up' | 'down'
  focus: boolean
}

function MoveForm({ view, setUp, item, by, focus }: MoveProps): JSX.Element {
  const { words } = view
  const may = mayMove(setUp.session.agenda, item.id, by === 'up' ? -1 : 1)
  return (
    <form method="post" action={setUpHref(view, setUp.session.slug)}>
      <input type="hidden" name="act" value="move" />
      <input type="hidden" name="item" value={item.id} />
      <input type="hidden" name="by" value={by} />
      <input type="hidden" name="seen" value={seenOf(orderOf(setUp.session))} />
      <button class="btn square" type="submit" data-move={by} disabled={!may} autofocus={focus && may}>
        <span aria-hidden="true">{by === 'up' ? '↑' : '↓'}</span>
        <span class="hidden-text">
          {by === 'up' ? words.moveUp : words.moveDown} · {words.itemTitle(item.number)}
        </span>
      </button>
    </form>
  )
}
