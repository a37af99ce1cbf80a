import type { EventId } from '../storage/model/ids.ts'
import type { ProofOfLife, RestCause, RestWanted } from './control-protocol.ts'
import type { SpoolState } from './spool-state.ts'

/** What a recorder holds of its rest: on the disk before it is acted on, so that it outlives the agent, the power and the line. */
export type Rest = Pick<SpoolState, 'wanted' | 'restCause' | 'sealTo' | 'closings'>

/**
 * In a closed part nothing is recorded in the clear (R17), whoever tells the recorder of it: the server, the page beside the recorder, or a
 * person. None of them need know what the others do. So the recorder keeps the marks of every closed part that it was told to rest or to
 * encrypt for (`closings`), and only who knows all of them ends it:
 *
 * | it is        | rest or seal for B       | over, by who knows A and B | over, by who knows A alone | a person goes on |
 * | ------------ | ------------------------ | -------------------------- | -------------------------- | ---------------- |
 * | recording    | rests {B} / sealed {B}   | –                          | –                          | –                |
 * | rests {A}    | rests {A, B}             | records in the clear       | records in the clear       | records          |
 * | rests {A, B} | –                        | records in the clear       | rests {A, B}               | records          |
 * | sealed {A}   | rests / sealed {A, B}    | records in the clear       | records in the clear       | –                |
 * | sealed {A,B} | –                        | records in the clear       | sealed {A, B}              | –                |
 * | paused by a person | paused, and holds {B} for when the person takes it back | –  | –                    | records, still sealed if it was |
 *
 * Nothing rests for ever: who ordered a rest knows its mark and ends it; the server learns every mark that was tapped without a line when the
 * line is back; and a person's word is always obeyed.
 */
export function rested(before: Rest, { cause = 'paused', instead, closing }: RestWanted): Partial<Rest> | undefined {
  const was = before.wanted === 'paused' ? before.restCause : undefined
  const restCause = restOf(was, cause, instead === true)
  const closings = withClosing(before.closings, closing)
  return was === restCause && closings === before.closings ? undefined : { wanted: 'paused', restCause, closings }
}

/** @param knowing the marks that who ends it knows; undefined: a person @returns what changes; undefined when nothing does */
export function resumed(before: Rest, knowing?: readonly EventId[]): Partial<Rest> | undefined {
  if (before.wanted !== 'paused') return undefined
  if (knowing !== undefined && !(before.restCause === 'closed-part' && knowsAll(before, knowing))) return undefined
  return { wanted: 'recording', restCause: 'paused', ...(before.sealTo === undefined ? { closings: [] } : {}) }
}

export function sealed(before: Rest, recipients: readonly string[], closing?: EventId): Partial<Rest> {
  return { sealTo: [...recipients], closings: withClosing(before.closings, closing) }
}

/** @param knowing as for `resumed` */
export function unsealed(before: Rest, knowing?: readonly EventId[]): Partial<Rest> | undefined {
  if (before.sealTo === undefined || (knowing !== undefined && !knowsAll(before, knowing))) return undefined
  return { sealTo: undefined, ...(restsClosed(before) ? {} : { closings: [] }) }
}

/** What a recorder proves of it. */
export function restProof(of: Rest | undefined): Pick<ProofOfLife, 'sealed' | 'rests' | 'closings'> {
  if (of === undefined) return {}
  const isSealed = of.sealTo !== undefined
  return {
    ...(isSealed ? { sealed: true } : {}),
    ...(of.wanted === 'paused' ? { rests: of.restCause } : {}),
    ...(isSealed || restsClosed(of) ? { closings: of.closings } : {}),
  }
}

/** A person's pause stays when a closed part comes or goes, until a person takes it back (`instead`), and then the closed part's remains. */
function restOf(before: RestCause | undefined, asked: RestCause, instead: boolean): RestCause {
  return before === 'paused' && !instead ? 'paused' : asked
}

function restsClosed({ wanted, restCause }: Rest): boolean {
  return wanted === 'paused' && restCause === 'closed-part'
}

function knowsAll({ closings }: Rest, knowing: readonly EventId[]): boolean {
  return closings.every((one) => knowing.includes(one))
}

function withClosing(closings: EventId[], closing: EventId | undefined): EventId[] {
  return closing === undefined || closings.includes(closing) ? closings : [...closings, closing]
}
