import type { ChamberRecorder } from '../../../web/chamber/chamber-recorder.ts'

type Acts = Pick<ChamberRecorder, 'start' | 'pause' | 'resume' | 'stop' | 'seal' | 'unseal'>

/** What a recorder can be told to do, each only noted. @param note makes of the name of an act what takes it down */
export function notedActs(note: (act: keyof Acts) => (session: string, ...more: unknown[]) => Promise<void>): Acts {
  return {
    ...{ start: note('start'), pause: note('pause'), resume: note('resume') },
    ...{ stop: note('stop'), seal: note('seal'), unseal: note('unseal') },
  }
}
