import '../../design/zod-without-eval.ts'

import { hydrate } from 'preact'
import { useEffect } from 'preact/hooks'
import type { RoomSeed } from '../room.ts'
import { RoomView } from '../view/room-view.tsx'
import { soundAlarms } from './alarm-sound.ts'
import { Outbox } from './outbox.ts'
import { readDrafted } from './read-drafted.ts'
import { roomActs } from './room-acts.ts'
import { RoomHand } from './room-hand.ts'
import { listenToKeys } from './room-keys.ts'
import { eventsPage, RoomLink } from './room-link.ts'
import { RoomSender, type SendOutcome } from './room-sender.ts'
import { RoomStore } from './room-store.ts'
import { TabletClock } from './tablet-clock.ts'
import { keepScreenOn } from './wake-lock.ts'

const seed = JSON.parse(document.getElementById('page-data')?.textContent ?? '') as RoomSeed
const clock = new TabletClock()
clock.guess(seed.serverMs)
const store = new RoomStore(seed, clock)
const leadKey = `escano-lead-${seed.session.id}`
const handKey = 'escano-left-hand'
const draftKey = 'escano-draft-shown'
let sender: RoomSender | undefined
let link: RoomLink | undefined
/** Marks that waited when the line came back. */
let waited = 0
/** Until when the recorder may be bringing what it saw without a line, by `performance.now()`. */
let bringsUntilMs = 0
/** It has all that it saw to the server within this time, but for what is sent (the pictures), ms. */
const bringingMs = 120_000

/** A mark that could not go is tried again; the line's return tries at once. */
function send(): void {
  void sender?.send().then((outcome: SendOutcome) => {
    if (outcome === 'signed-out') store.trouble.value = 'signed-out'
    else if (outcome === 'sent' && store.trouble.value === 'signed-out') store.trouble.value = undefined
    else if (outcome === 'no-line') setTimeout(send, 3_000)
    if (outcome === 'sent' && waited > 0) {
      store.prompts.sent(waited, clock.serverNow())
      waited = 0
    }
  })
}

/** The server is back: what only the recorder was told is told to the server too. */
function sendKept(): void {
  if (!store.marks.value.some((one) => one.status === 'kept')) return
  void store.outbox?.sendAgain().then((changed) => {
    store.settle(changed)
    waited = store.model.peek().pending
    send()
  })
}

async function catchUp(): Promise<void> {
  const sentMs = performance.now()
  const response = await fetch(`${seed.paths.room}/marcas?desde=${store.lastRow}`, { headers: { Accept: 'application/json' } })
  if (response.status === 401) store.trouble.value = 'signed-out'
  if (!response.ok) return
  const page = eventsPage.parse(await response.json())
  clock.measured(sentMs, page.serverMs)
  store.receive(page.rows)
  if (page.notes) store.notes.value = page.notes
}

function openLink(device: string | undefined): RoomLink {
  const [, , council = ''] = seed.paths.room.replace(/^\/es/, '').split('/')
  return new RoomLink(
    {
      ...{ council, session: seed.session.slug, device },
      claims: () => device !== undefined && localStorage.getItem(leadKey) === device,
      waits: () => store.model.peek().pending > 0,
    },
    {
      onLink: () => {
        store.linked.value = true
        if (bringsUntilMs > 0) bringsUntilMs = performance.now() + bringingMs
        waited = store.model.peek().pending
        catchUp().catch((cause: unknown) => console.info('what was missed comes later', cause))
        send()
      },
      onLost: () => {
        store.linked.value = false
        bringsUntilMs = Number.POSITIVE_INFINITY
      },
      onPinNeeded: () => {
        store.trouble.value = 'pin-needed'
      },
      onSight: (recorder, serverMs, chamber) => {
        clock.guess(serverMs)
        store.chamber.value = chamber
        if (store.trouble.value === 'pin-needed') store.trouble.value = undefined
        if (!chamber) sendKept()
        const before = store.recorder.value.proof?.state
        store.see(recorder)
        if (before !== recorder.proof?.state) {
          void store.outbox?.keepSight(store.sight)
          catchUp().catch((cause: unknown) => console.info('what was missed comes later', cause))
        }
      },
      onEvents: (rows) => store.receive(rows),
      onMicrophones: (open) => store.hear(open),
      onClock: (sentMs, serverMs) => clock.measured(sentMs, serverMs),
      onLead: (said) => {
        store.lead.value = said
        if (device !== undefined && said.leader?.device === device) localStorage.setItem(leadKey, device)
        else if (device !== undefined) localStorage.removeItem(leadKey)
        // Who leads no more does not go on in a sheet that was open.
        if (said.leader !== null && said.leader.device !== device) store.sheet.value = null
      },
    },
  )
}

async function openStore(): Promise<void> {
  try {
    const outbox = await Outbox.open(seed.session.id, seed.person.account)
    const { marks, sight } = await outbox.read()
    store.restore(marks, sight)
    store.outbox = outbox
    sender = new RoomSender(new RoomHand(seed), outbox, (settled) => store.settle(settled))
    store.ready.value = true
    link = openLink(outbox.device)
    send()
  } catch (cause) {
    console.error('this browser keeps nothing', cause)
    store.trouble.value = 'cannot-store'
    link = openLink(undefined)
  }
}

/** Keeps the page for when there is no line; without a worker it works as long as it stays open. */
async function keepPage(): Promise<void> {
  if (!('serviceWorker' in navigator)) return
  const scope = `${seed.paths.room.split('/sala/')[0]}/sala/`
  await navigator.serviceWorker.register(`${scope}offline.js`, { scope, type: 'module', updateViaCache: 'none' })
  const { active } = await navigator.serviceWorker.ready
  const loaded = performance.getEntriesByType('resource').map((one) => one.name)
  const built = loaded.filter((one) => new URL(one).pathname.startsWith('/pages/'))
  active?.postMessage({ keep: [location.pathname, ...new Set(built)] })
}

const acts = roomActs(store, {
  sent: send,
  lead: (act) => {
    // Without a line nobody can be asked: who stands here takes it, and the server settles it when the line is back.
    if (store.linked.value) link?.lead(act)
    else if (act === 'ask') takeLeadHere()
  },
  hand: (left) => {
    store.leftHand.value = left
    localStorage.setItem(handKey, String(left))
  },
  showDraft: (shown) => {
    store.draftShown.value = shown
    localStorage.setItem(draftKey, String(shown))
    if (shown) askForDraft()
  },
})

/** What a machine understood comes as late as it does; without a line what is shown grows old, so it goes. */
function askForDraft(): void {
  const { phase } = store.state.peek()
  if (!store.draftShown.peek() || phase !== 'open') return
  readDrafted(`${seed.paths.room}/borrador.json`)
    .then((lines) => {
      if (JSON.stringify(lines) !== JSON.stringify(store.drafted.peek())) store.drafted.value = lines
    })
    .catch(() => {
      store.drafted.value = []
    })
}

function takeLeadHere(): void {
  const device = store.outbox?.device
  if (device === undefined) return
  localStorage.setItem(leadKey, device)
  store.lead.value = { leader: { device, name: seed.person.name, connected: false, sinceMs: clock.serverNow() }, asking: null }
}

function Room() {
  useEffect(() => listenToKeys(acts, () => store.model.peek()), [])
  return <RoomView model={store.model.value} acts={acts} />
}

const root = document.getElementById('room')
if (!root) throw new Error('the page has no #room')
hydrate(<Room />, root)
setInterval(() => {
  store.nowMs.value = clock.serverNow()
}, 500)
// A rehearsal that ends while somebody prepares the room is seen without opening the page again.
setInterval(() => {
  if (store.linked.peek() && store.state.peek().phase === 'before') catchUp().catch(() => undefined)
}, 60_000)
setInterval(() => {
  const brings = store.linked.value && !store.chamber.value && performance.now() < bringsUntilMs
  if (brings) catchUp().catch((cause: unknown) => console.info('what was missed comes later', cause))
}, 3_000)
setInterval(() => {
  store.slowPeakDb.value = store.recorder.value.proof?.peakDb ?? null
  void store.outbox?.keepSight(store.sight)
}, 5_000)
store.leftHand.value = localStorage.getItem(handKey) === 'true'
store.draftShown.value = localStorage.getItem(draftKey) !== 'false'
setInterval(askForDraft, 10_000)
askForDraft()
keepScreenOn()
soundAlarms(() => store.model.peek())
navigator.serviceWorker?.addEventListener('message', (event: MessageEvent<unknown>) => {
  if (typeof event.data === 'object' && event.data !== null && 'kept' in event.data) document.body.dataset.kept = 'true'
})
// What this tablet believes, for who helps from the browser's console.
Object.assign(globalThis, { escano: { state: () => store.state.peek() } })
void openStore()
keepPage().catch((cause: unknown) => console.info('the page is not kept for when there is no line', cause))
