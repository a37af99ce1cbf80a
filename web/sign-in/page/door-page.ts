import '../../design/zod-without-eval.ts'
import { browserSupportsWebAuthn, startAuthentication } from '@simplewebauthn/browser'
import { z } from 'zod'
import { answerOf, askFor } from './passkey-request.ts'

/** Coming in with a passkey; the password's form needs no script. */
const data = z
  .object({ entry: z.string(), next: z.string(), refused: z.string() })
  .parse(JSON.parse(document.getElementById('page-data')?.textContent ?? ''))
const button = document.querySelector<HTMLButtonElement>('#chave')
const problem = document.getElementById('problema')

async function enter(): Promise<void> {
  const options = await askFor(`${data.entry}/reto`)
  const response = await startAuthentication({ optionsJSON: options as Parameters<typeof startAuthentication>[0]['optionsJSON'] })
  const { to } = await answerOf(data.entry, { response, seguir: data.next })
  location.assign(to)
}

if (button && browserSupportsWebAuthn()) {
  button.hidden = false
  button.addEventListener('click', () => {
    if (problem) problem.textContent = ''
    enter().catch((cause: unknown) => {
      console.warn('the passkey did not serve', cause)
      if (problem) problem.textContent = data.refused
    })
  })
}
