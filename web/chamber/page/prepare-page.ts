import '../../design/zod-without-eval.ts'

import { pin } from '../chamber-protocol.ts'
import { makeTabletKey } from './tablet-key.ts'

/** What the page was drawn with. */
interface PrepareData {
  tablet: string
  here: string
  unequal: string
  shape: string
  done: string
  failed: string
}

const data = JSON.parse(document.getElementById('page-data')?.textContent ?? '') as PrepareData
const form = document.querySelector('form')
const said = document.getElementById('dito')
// Until here a press would have sent nothing.
form?.querySelector('button')?.removeAttribute('disabled')

form?.addEventListener('submit', (event) => {
  event.preventDefault()
  const given = new FormData(form)
  const [first, second] = [String(given.get('pin')), String(given.get('outra'))]
  if (!pin.safeParse(first).success) return say(data.shape, 'bad')
  if (first !== second) return say(data.unequal, 'bad')
  prepare(first).then(
    () => {
      form.hidden = true
      say(data.done, 'good')
    },
    (cause: unknown) => {
      console.info('the tablet was not prepared', cause)
      say(data.failed, 'bad')
    },
  )
})

/** The key is kept here before the server knows it: one that the server has and nobody holds would be worth nothing. */
async function prepare(chosen: string): Promise<void> {
  const { key, keep } = await makeTabletKey(data.tablet)
  await keep()
  const response = await fetch(data.here, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Accept: 'application/json' },
    body: JSON.stringify({ key: key.publicKey, pin: chosen }),
    signal: AbortSignal.timeout(15_000),
  })
  if (!response.ok) throw new Error(`the server answered ${response.status}`)
}

function say(sentence: string, tone: 'good' | 'bad'): void {
  if (!said) return
  said.textContent = sentence
  said.className = `strip ${tone}`
  said.hidden = false
}
