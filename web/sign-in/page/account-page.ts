import '../../design/zod-without-eval.ts'
import { browserSupportsWebAuthn, startRegistration } from '@simplewebauthn/browser'
import { z } from 'zod'
import { answerOf, askFor } from './passkey-request.ts'

/** Makes a passkey on this machine and brings it to the account. */
const data = z.object({ keys: z.string(), failed: z.string() }).parse(JSON.parse(document.getElementById('page-data')?.textContent ?? ''))
const form = document.querySelector<HTMLFormElement>('#chave')
const problem = document.getElementById('problema')

async function add(name: string): Promise<void> {
  const options = await askFor(`${data.keys}/reto`)
  const response = await startRegistration({ optionsJSON: options as Parameters<typeof startRegistration>[0]['optionsJSON'] })
  const { to } = await answerOf(data.keys, { name, response })
  location.assign(to)
}

if (form && browserSupportsWebAuthn()) {
  form.hidden = false
  document.getElementById('sen-chave')?.remove()
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    if (problem) problem.textContent = ''
    add(String(new FormData(form).get('name') ?? '')).catch((cause: unknown) => {
      console.warn('no passkey was added', cause)
      if (problem) problem.textContent = data.failed
    })
  })
}
