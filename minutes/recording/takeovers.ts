import type { RecordOfSession } from '../../storage/model/recording-of-record.ts'
import type { EnrolledRecorder } from '../../storage/records/recorders.ts'

/** From this place of the media line on, up to the next one, this recorder's recording is of record. */
export interface Takeover {
  name: string
  fromMs: number
}

/** Whose recording is of record from where on; empty where one recorder made all of it. */
export function takeoversOf({ spans }: Pick<RecordOfSession, 'spans'>, recorders: readonly EnrolledRecorder[]): Takeover[] {
  const changes = spans.filter((span, at) => span.recorder !== spans[at - 1]?.recorder)
  if (changes.length < 2) return []
  return changes.map(({ recorder, fromMs }) => ({ name: recorders.find((one) => one.id === recorder)?.name ?? recorder, fromMs }))
}
