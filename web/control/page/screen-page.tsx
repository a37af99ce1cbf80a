import '../../design/zod-without-eval.ts'

import { signal } from '@preact/signals'
import { hydrate } from 'preact'
import { io } from 'socket.io-client'
import type { Language } from '../../../storage/model/council.ts'
import { type ScreenSeed, screenMessage } from '../screen-view.ts'
import { Screen } from '../view/screen.tsx'
import { keepScreenOn } from './wake-lock.ts'

/** Nothing heard for this long: what the screen shows may be old, and it says so. */
const silenceMs = 7_000

const seed = JSON.parse(document.getElementById('page-data')?.textContent ?? '') as ScreenSeed & { language: Language }
const view = signal(seed.view)
const lost = signal(false)
/** Server's clock minus `performance.now()`, ms. */
let serverAtZero = seed.serverMs - performance.now()
const nowMs = signal(seed.serverMs)
let heardMs = performance.now()

const socket = io('/pantalla', { auth: { council: seed.council, token: seed.token }, reconnectionDelayMax: 4_000 })
socket.on('screen', (message: unknown) => {
  const read = screenMessage.safeParse(message)
  if (!read.success) return
  heardMs = performance.now()
  serverAtZero = read.data.serverMs - heardMs
  view.value = withoutAbsent(read.data.view)
  lost.value = false
})

/** zod gives absent things as `undefined`; the model wants them absent. */
function withoutAbsent(of: object): ScreenSeed['view'] {
  return Object.fromEntries(Object.entries(of).filter(([, value]) => value !== undefined)) as ScreenSeed['view']
}

setInterval(() => {
  nowMs.value = performance.now() + serverAtZero
  lost.value = performance.now() - heardMs > silenceMs
}, 500)

function Page() {
  return <Screen view={view.value} nowMs={nowMs.value} lost={lost.value} language={seed.language} />
}

const root = document.getElementById('screen')
if (!root) throw new Error('the page has no #screen')
hydrate(<Page />, root)
keepScreenOn()
// A projector has no hand: a tap anywhere, or F11, fills the whole screen.
document.addEventListener('click', () => {
  if (!document.fullscreenElement) document.documentElement.requestFullscreen().catch(() => console.info('the screen stays as it is'))
})
