import type { DraftedLine } from '../../portal/drafted-lines.ts'
import { draftedAnswer } from '../room-protocol.ts'

/** The last lines of the draft. @throws what hinders, which is no trouble to anybody */
export async function readDrafted(address: string): Promise<DraftedLine[]> {
  const answer = await fetch(address, { headers: { Accept: 'application/json' }, signal: AbortSignal.timeout(4_000) })
  return answer.ok ? draftedAnswer.parse(await answer.json()).lines : []
}
