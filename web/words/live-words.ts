import { liveEs } from './live-es.ts'
import { type LiveWords, liveGl } from './live-gl.ts'
import type { Dictionary } from './words.ts'

export const liveWords: Dictionary<LiveWords> = { gl: liveGl, es: liveEs }
