import { correctedMs } from '../../storage/model/session-events.ts'
import { type DraftMaterial, hour } from './draft-material.ts'
import type { DraftWords } from './draft-words-gl.ts'

/** The interruptions of the session (ROF 87; R16) in words, each with the item that was being dealt with. */
export function recessesOf({ state, council }: DraftMaterial, words: DraftWords): { item?: string; text: string }[] {
  const found: { item?: string; text: string }[] = []
  let item: string | undefined
  for (const [at, event] of state.events.entries()) {
    if (event.type === 'item.opened') item = event.item
    if (event.type === 'item.closed' || event.type === 'item.withdrawn' || event.type === 'item.postponed') item = undefined
    if (event.type !== 'recess.began') continue
    const end = state.events.slice(at).find((one) => one.type === 'recess.ended')
    const until = end && hour(correctedMs(end), council.timeZone)
    const text = words.recess(hour(correctedMs(event), council.timeZone), until, event.cause)
    found.push({ text, ...(item === undefined ? {} : { item }) })
  }
  return found
}
