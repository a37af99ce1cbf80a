import { presentMembers } from '../../../storage/model/session-state.ts'
import { recorderActs } from '../recorder-strip.ts'
import type { RoomActs, RoomModel } from '../room-model.ts'

/** How long R is held to start, and S to close to the public: longer than any slip of the hand. */
const holdMs = { r: 800, s: 1_000 }

/** A keyboard or a page-turner, when one is attached. @returns what takes the keys away */
export function listenToKeys(acts: RoomActs, model: () => RoomModel): () => void {
  let holding: ReturnType<typeof setTimeout> | undefined
  const release = () => {
    clearTimeout(holding)
    holding = undefined
  }
  const hold = (ms: number, act: () => void) => {
    holding ??= setTimeout(() => {
      if (model().ready && model().sheet === null) act()
    }, ms)
  }
  const down = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.altKey || event.metaKey || isTyping(event) || model().sheet !== null || !model().ready) return
    const key = event.key.toLowerCase()
    if (key === 'r' || key === 's') {
      if (!event.repeat) hold(holdMs[key], () => (key === 's' ? acts.closedHeld() : startOrResume(acts, model())))
      return
    }
    if (event.repeat) return
    if (!press(key, acts, model())) return
    event.preventDefault()
  }
  addEventListener('keydown', down)
  addEventListener('keyup', release)
  addEventListener('blur', release)
  return () => {
    release()
    removeEventListener('keydown', down)
    removeEventListener('keyup', release)
    removeEventListener('blur', release)
  }
}

/** @returns whether the key is one of ours */
function press(key: string, acts: RoomActs, model: RoomModel): boolean {
  const speaker = /^f([1-9]|1[0-2])$/.exec(key)?.[1]
  if (key === 'n' || key === 'pagedown') acts.nextItem()
  else if (key === 'p') pause(acts, model)
  else if (key === 'v') acts.vote()
  else if (key === 'u') undoLast(acts, model)
  else if (key === 'm') confirmHeard(acts, model)
  else if (/^[1-9]$/.test(key)) openByNumber(acts, model, Number(key))
  else if (speaker !== undefined) giveFloor(acts, model, Number(speaker))
  else return false
  return true
}

/** The person of that place among those who are present, in the order of the council. */
function giveFloor(acts: RoomActs, { state, seed }: RoomModel, place: number): void {
  const present = new Set(presentMembers(state, seed.council))
  const found = seed.council.members.filter((one) => present.has(one.id))[place - 1]
  if (found) acts.floor(found.id)
}

function confirmHeard(acts: RoomActs, { heard, linked, state }: RoomModel): void {
  if (heard?.newest !== undefined && linked && state.phase !== 'recess') acts.heard(heard.newest)
}

function startOrResume(acts: RoomActs, { word, recorder }: RoomModel): void {
  const may = recorderActs(word, recorder.proof !== undefined)
  if (may.includes('resume')) acts.command('resume')
  else if (may.includes('start')) acts.command('start')
}

function pause(acts: RoomActs, { word, recorder }: RoomModel): void {
  if (recorderActs(word, recorder.proof !== undefined).includes('pause')) acts.command('pause')
}

function undoLast(acts: RoomActs, { recent }: RoomModel): void {
  const last = recent[0]
  if (last) acts.undo(last.act)
}

function openByNumber(acts: RoomActs, { state }: RoomModel, number: number): void {
  const found = state.items.find((one) => one.item.number === number)
  if (found) acts.item(found.item.id)
}

function isTyping(event: KeyboardEvent): boolean {
  return event.target instanceof HTMLElement && /^(?:INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName)
}
