import type { MinutesParts } from '../../minutes/minutes-parts.ts'
import type { Trust } from '../../storage/custody/trust.ts'
import { findFfmpeg } from '../../storage/programs/ffmpeg.ts'
import type { Storage } from '../../storage/storage.ts'
import { webConfig } from '../../web/config.ts'
import { type RunningWeb, startWeb } from '../../web/main.ts'

const noAnchors: Trust = { name: 'test', demo: true, roots: [], tsaRoots: [], logs: [], recorders: [] }

/** The web over a storage, on a port the system chooses. No seals: what is signed is signed elsewhere. */
export async function startTestWeb(
  storage: Storage,
  options: { trust?: Trust; minutes?: MinutesParts; environment?: Record<string, string>; now?: () => number } = {},
): Promise<RunningWeb> {
  const minutes: MinutesParts = options.minutes ?? {
    storage,
    ffmpeg: await findFfmpeg(process.env),
    sealsOf: async (council) => {
      throw new Error(`the test web holds no seal of ${council.name}`)
    },
    trust: async () => options.trust ?? noAnchors,
    publicUrl: 'http://127.0.0.1',
    product: 'test',
  }
  const config = webConfig({ ESCANO_WEB_PORT: '0', ESCANO_WEB_REQUESTS_PER_MINUTE: '10000', ...options.environment })
  return await startWeb({ storage, minutes, config, ...(options.now ? { now: options.now } : {}) })
}
