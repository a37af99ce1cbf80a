import { recorderActs } from '../recorder-strip.ts'
import type { RoomActs, RoomModel } from '../room-model.ts'

/** How long R is held to start: longer than any slip of the hand. */
const holdMs = 800

/** A keyboard or a page-turner, when one is attached. @returns what takes the keys away */
export function listenToKeys(acts: RoomActs, model: () => RoomModel): () => void {
  let holding: ReturnType<typeof setTimeout> | undefined
  const release = () => {
    clearTimeout(holding)
    holding = undefined
  }
  const down = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.altKey || event.metaKey || isTyping(event) || model().sheet !== null) return
    const key = event.key.toLowerCase()
    if (key === 'r') {
      if (holding === undefined && !event.repeat) holding = setTimeout(() => startOrResume(acts, model()), holdMs)
      return
    }
    if (event.repeat) return
    if (key === 'n' || key === 'pagedown') acts.nextItem()
    else if (key === 'p') pause(acts, model())
    else if (key === 'v') acts.vote()
    else if (key === 'u') undoLast(acts, model())
    else if (/^[1-9]$/.test(key)) openByNumber(acts, model(), Number(key))
    else return
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
