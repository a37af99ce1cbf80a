import { noticeEs } from './notice-es.ts'
import { type NoticeWords, noticeGl } from './notice-gl.ts'
import { prepareCouncilEs } from './prepare-council-es.ts'
import { type PrepareCouncilWords, prepareCouncilGl } from './prepare-council-gl.ts'
import { prepareSessionEs } from './prepare-session-es.ts'
import { type PrepareSessionWords, prepareSessionGl } from './prepare-session-gl.ts'
import type { Dictionary } from './words.ts'

export const prepareCouncilWords: Dictionary<PrepareCouncilWords> = { gl: prepareCouncilGl, es: prepareCouncilEs }
export const prepareSessionWords: Dictionary<PrepareSessionWords> = { gl: prepareSessionGl, es: prepareSessionEs }
export const noticeWords: Dictionary<NoticeWords> = { gl: noticeGl, es: noticeEs }
