import '../../design/zod-without-eval.ts'

import { z } from 'zod'
import { readTabletKey } from './tablet-key.ts'

/** What the page was drawn with. */
interface PinData {
  here: string
  back: string
  nonce: string
  wrong: string
  noKey: string
  unknown: string
  failed: string
  /** The sentence for each number of minutes to wait. */
  wait: string[]
}

const refusal = z.object({ reason: z.string(), nonce: z.string(), waitMs: z.number().optional() })
const data = JSON.parse(document.getElementById('page-data')?.textContent ?? '') as PinData
const form = document.querySelector('form')
const said = document.getElementById('dito')

let { nonce } = data
// Until here a press would have sent nothing.
form?.querySelector('button')?.removeAttribute('disabled')

form?.addEventListener('submit', (event) => {
  event.preventDefault()
  const pin = String(new FormData(form).get('pin'))
  form.reset()
  enter(pin).catch((cause: unknown) => {
    console.info('the recorder could not be asked', cause)
    say(data.failed)
  })
})

async function enter(pin: string): Promise<void> {
  const key = await readTabletKey()
  if (!key) return say(data.noKey)
  const signature = await key.sign('pin', '', nonce)
  const response = await fetch(data.here, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Accept: 'application/json' },
    body: JSON.stringify({ tablet: key.tablet, nonce, pin, signature }),
    signal: AbortSignal.timeout(15_000),
  })
  if (response.ok) return location.replace(data.back)
  const answer = refusal.safeParse(await response.json())
  // Not even the shape of a PIN.
  if (!answer.success) return say(data.wrong)
  nonce = answer.data.nonce
  const { reason, waitMs = 0 } = answer.data
  if (reason === 'wait') say(data.wait[Math.min(data.wait.length - 1, Math.ceil(waitMs / 60_000))] ?? data.failed)
  else if (reason === 'pin') say(data.wrong)
  else say(reason === 'nonce' ? data.failed : data.unknown)
}

function say(sentence: string): void {
  if (!said) return
  said.textContent = sentence
  said.className = 'strip bad'
  said.hidden = false
}
