import Hls, {
  type FragmentLoaderConstructor,
  type FragmentLoaderContext,
  type HlsConfig,
  type LoaderCallbacks,
  type LoaderConfiguration,
} from 'hls.js/light'

/** The player, once it is loaded. */
export interface CheckedPlayer {
  /** @param seconds on the player's clock */
  playFrom(seconds: number): void
  /** Ends it: nothing that was loaded stays. */
  stop(): void
}

export type Report = (proof: 'ok' | 'broken' | 'unable' | 'failed', count?: number) => void

/**
 * Plays the recorder's own segments and hashes each before the player gets it. The first byte that is not the journal's stops
 * everything: nothing unproven is ever shown.
 * @param report told after each checked segment, and once when something is wrong
 * @param settings of the library, where a page needs others
 */
export function checkedPlayer(video: HTMLVideoElement, playlist: string, report: Report, settings: Partial<HlsConfig> = {}): CheckedPlayer {
  // Old iPhones have no Media Source: they play natively, and nothing can be checked on the way.
  if (!Hls.isSupported()) return nativePlayer(video, playlist, report)
  const canHash = globalThis.crypto?.subtle !== undefined
  let count = 0
  let stopped = false
  let hls: Hls | undefined

  const stop = (why: 'broken' | 'failed') => {
    if (stopped) return
    stopped = true
    hls?.destroy()
    report(why)
  }

  // The library's loader of anything; here it loads fragments only.
  const Loader = Hls.DefaultConfig.loader as unknown as FragmentLoaderConstructor
  class CheckedLoader extends Loader {
    override load(context: FragmentLoaderContext, config: LoaderConfiguration, callbacks: LoaderCallbacks<FragmentLoaderContext>): void {
      const onSuccess: LoaderCallbacks<FragmentLoaderContext>['onSuccess'] = (response, stats, context, details) => {
        if (!canHash || !(response.data instanceof ArrayBuffer)) {
          report('unable')
          return callbacks.onSuccess(response, stats, context, details)
        }
        const expected = /([0-9a-f]{64})\.ts$/.exec(new URL(context.url, location.href).pathname)?.[1]
        void sha256(response.data).then((found) => {
          if (stopped) return
          if (expected === undefined || found !== expected) return stop('broken')
          report('ok', ++count)
          callbacks.onSuccess(response, stats, context, details)
        })
      }
      super.load(context, config, { ...callbacks, onSuccess })
    }
  }

  return {
    playFrom(seconds) {
      if (stopped) return
      if (!hls) {
        hls = new Hls({
          fLoader: CheckedLoader,
          startPosition: seconds,
          maxBufferLength: 20,
          maxMaxBufferLength: 30,
          backBufferLength: 30,
          enableWorker: false,
          ...settings,
        })
        hls.on(Hls.Events.ERROR, (_event, error) => {
          if (error.fatal) stop('failed')
        })
        hls.loadSource(playlist)
        hls.attachMedia(video)
      } else video.currentTime = seconds
      void video.play().catch(() => undefined)
    },
    stop() {
      stopped = true
      hls?.destroy()
    },
  }
}

function nativePlayer(video: HTMLVideoElement, playlist: string, report: Report): CheckedPlayer {
  video.addEventListener('error', () => report('failed'), { once: true })
  return {
    playFrom(seconds) {
      report('unable')
      if (!video.src) video.src = playlist
      if (seconds >= 0) video.currentTime = seconds
      void video.play().catch(() => report('failed'))
    },
    stop() {
      video.removeAttribute('src')
      video.load()
    },
  }
}

async function sha256(bytes: ArrayBuffer): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('')
}
