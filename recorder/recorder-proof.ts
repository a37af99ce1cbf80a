import { worstFirst } from './alarms.ts'
import type { ClockWatch } from './clock-watch.ts'
import type { ProofOfLife } from './control-protocol.ts'
import type { DiskWatch } from './disk-watch.ts'
import type { SessionView } from './session-recording.ts'

export interface ProofFacts {
  view: SessionView | undefined
  counts: Pick<ProofOfLife, 'segments' | 'gaps' | 'unconfirmed'> | undefined
  disk: DiskWatch
  clock: ClockWatch
  cause: string | undefined
  rest: Pick<ProofOfLife, 'sealed' | 'rests' | 'closings'>
}

/** What the recorder can show for itself now, as it travels. */
export function recorderProof({ view, counts, disk, clock, cause, rest }: ProofFacts): ProofOfLife {
  return {
    ...{ state: view?.state ?? 'idle', part: view?.part ?? 0, mediaMs: view?.mediaMs ?? 0, speed: view?.speed ?? 0 },
    ...{ provenMs: view?.proven?.mediaMs ?? 0, provenWallMs: Math.round(view?.proven?.wallMs ?? 0) },
    ...{ peakDb: view?.proven?.peakDb ?? null, picture: view?.proven?.picture ?? false, atWallMs: Date.now() },
    ...(counts ?? { segments: 0, gaps: 0, unconfirmed: 0 }),
    ...{ diskFreeBytes: disk.freeBytes, hoursLeft: disk.hoursLeft },
    alarms: worstFirst([...(view?.alarms ?? []), ...disk.alarms, ...clock.alarms]),
    levels: view?.levels ?? [],
    ...(view !== undefined && view.sources.length > 1 ? { sources: view.sources } : {}),
    ...rest,
    ...(cause === undefined ? {} : { cause }),
  }
}
