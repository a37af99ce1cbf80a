import { z } from 'zod'
import type { CheckedPlayer } from '../../portal/page/checked-player.ts'
import { toPlayerMs } from '../../portal/playlist.ts'

/** What a page of the editor knows of the recording behind its text. */
export const sourceSound = z.object({
  playlist: z.string().nullable(),
  pieces: z.array(z.object({ fromMs: z.number(), lengthMs: z.number(), playsAtMs: z.number() })),
})

/**
 * Plays the page's `#video` from a place of the media line, a little before it: study-web.md §5.2. The player is loaded when something is
 * to be heard, since it weighs more than the rest of the page; where that failed, the next wish tries again.
 */
export function sourcePlayer({ playlist, pieces }: z.infer<typeof sourceSound>, runUpMs: number): (fromMs: number) => void {
  let player: Promise<CheckedPlayer> | undefined
  return (fromMs) => {
    const video = document.querySelector<HTMLVideoElement>('#video')
    if (!video || playlist === null) return
    player ??= import('../../portal/page/checked-player.ts').then((of) => of.checkedPlayer(video, playlist, () => undefined))
    player.then(
      (one) => one.playFrom(Math.max(0, toPlayerMs(fromMs, pieces) - runUpMs) / 1000),
      (cause: unknown) => {
        player = undefined
        console.error('the player could not be loaded', cause)
      },
    )
  }
}
