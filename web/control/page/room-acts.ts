import type { EventOf } from '../../../storage/model/session-events.ts'
import { controlWords } from '../../words/staff-words.ts'
import { floorMark, type Mark, openingMarks, proclaimMarks, undoMarks, voteToOpen } from '../marks.ts'
import { ownProof } from '../recorder-strip.ts'
import { nextItem, openVote } from '../room.ts'
import type { RoomActs } from '../room-model.ts'
import type { RoomStore } from './room-store.ts'

type ItemId = EventOf<'item.opened'>['item']
type MemberId = EventOf<'attendance.left'>['member']

/** The taps of the chamber page. `sent` is called when there is something new to send. */
export function roomActs(store: RoomStore, sent: () => void): RoomActs {
  const { seed } = store
  const mark = async (marks: Mark[]): Promise<boolean> => {
    const done = marks.length > 0 && (await store.mark(marks))
    if (done) sent()
    return done
  }
  const sheet: RoomActs['sheet'] = (open) => {
    store.sheet.value = open
  }
  const closing = (marks: Mark[]) => void mark(marks).then((done) => (done ? sheet(null) : undefined))
  const command: RoomActs['command'] = (action) => void sendCommand(store, action)
  const vote = () => openVote(store.state.value)
  return {
    command,
    sheet,
    open: (roll) => closing(openingMarks(seed.council, seed.session, store.state.value, roll, controlWords[seed.session.language])),
    nextItem: () => {
      const next = nextItem(store.state.value)
      if (next) void mark([{ type: 'item.opened', item: next.item.id }])
    },
    item: (id) => {
      if (store.state.value.currentItem !== id) void mark([{ type: 'item.opened', item: id as ItemId }])
    },
    floor: (speaker) => void mark([floorMark(store.state.value, speaker)]),
    moveMember: (member) => {
      const present = store.state.value.attendance[member] === 'present'
      void mark([{ type: present ? 'attendance.left' : 'attendance.arrived', member: member as MemberId }])
    },
    star: () => void mark([{ type: 'star' }]),
    vote: () => {
      if (vote()) {
        sheet('vote')
        return
      }
      const { mark: wanted, ruling } = voteToOpen(store.state.value, seed.council)
      if (!wanted) {
        store.ruling.value = ruling.allowed ? undefined : ruling
        return
      }
      void mark([wanted]).then((done) => (done ? sheet('vote') : undefined))
    },
    proclaim: (tally, outcome, casting) => {
      const open = vote()
      if (open) closing(proclaimMarks(open, tally, outcome, casting))
    },
    cancelVote: () => {
      const open = vote()
      const words = controlWords[seed.session.language]
      const events = store.state.value.events.filter((one) => open?.events.includes(one.id))
      closing(undoMarks(events, words.undoNote(words.marks.voteOpened)))
    },
    finish: () => {
      const lifted = store.state.value.phase === 'open' || store.state.value.phase === 'recess'
      void (async () => {
        if (lifted && !(await mark([{ type: 'session.lifted' }]))) return
        const state = ownProof(store.recorder.value, seed.session.id)?.state
        if (seed.session.recorded && state !== undefined && state !== 'idle' && state !== 'stopped') command('stop')
        sheet(null)
      })()
    },
    undo: (act) => void store.undo(act).then((done) => done && sent()),
    understood: () => {
      const ids = store.marks.value.filter((one) => one.status === 'refused').map((one) => one.id)
      store.ruling.value = undefined
      if (store.trouble.value === 'command-failed') store.trouble.value = undefined
      store.marks.value = store.marks.value.filter((one) => one.status !== 'refused')
      void store.outbox?.forget(ids)
    },
  }
}

/** Asks the recorder through the server. What it does shows in its proof, never here. */
async function sendCommand(store: RoomStore, action: Parameters<RoomActs['command']>[0]): Promise<void> {
  store.askedMs.value = store.clock.serverNow()
  store.trouble.value = undefined
  try {
    const response = await fetch(`${store.seed.paths.room}/gravador`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Accept: 'application/json' },
      body: JSON.stringify({ action }),
      signal: AbortSignal.timeout(10_000),
    })
    if (response.ok) return
    store.trouble.value = response.status === 401 ? 'signed-out' : 'command-failed'
  } catch (failure) {
    console.info('the recorder could not be asked', failure)
    store.trouble.value = 'command-failed'
  }
  store.askedMs.value = undefined
}
