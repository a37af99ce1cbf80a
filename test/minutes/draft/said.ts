import { draftActa } from '../../../minutes/draft/draft-acta.ts'
import type { DraftMaterial, DraftRecording } from '../../../minutes/draft/draft-material.ts'
import { type Acta, sentencesOf } from '../../../storage/model/acta.ts'
import type { Council } from '../../../storage/model/council.ts'
import type { Session } from '../../../storage/model/session.ts'
import type { SessionEvent } from '../../../storage/model/session-events.ts'
import { sessionState } from '../../../storage/model/session-state.ts'

/** What the draft is made of, from the marks of a session. */
export function materialOf(council: Council, session: Session, events: readonly SessionEvent[], recording?: DraftRecording): DraftMaterial {
  const state = sessionState(events, council, session)
  const opened = state.events.findIndex((event) => event.type === 'session.opened')
  const opening = sessionState(state.events.slice(0, opened + 1), council, session)
  return { council, session, state, opening, ...(recording ? { recording } : {}) }
}

/** The draft of marked events, and all it says, a sentence a line. */
export function drafted(...of: Parameters<typeof materialOf>): { acta: Acta; text: string } {
  const acta = draftActa(materialOf(...of))
  return { acta, text: saidIn(acta) }
}

export function saidIn(acta: Acta): string {
  return acta.blocks
    .flatMap(sentencesOf)
    .map((one) => one.text)
    .join('\n')
}
