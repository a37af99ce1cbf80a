import '../../design/zod-without-eval.ts'
import { z } from 'zod'

/** Tells when the code on the screen was used. Without it the link under the code does the same. */
const data = z
  .object({ code: z.string(), here: z.string(), over: z.string() })
  .parse(JSON.parse(document.getElementById('page-data')?.textContent ?? ''))
const answer = z.object({ state: z.enum(['waiting', 'used', 'over']) })
const askEveryMs = 2_000

async function ask(): Promise<void> {
  const response = await fetch(`${data.here}/codigo/${data.code}`, { headers: { Accept: 'application/json' } })
  if (!response.ok) return
  const { state } = answer.parse(await response.json())
  if (state === 'waiting') return
  clearInterval(steady)
  if (state === 'used') location.replace(`${data.here}?alta=${data.code}`)
  const told = document.getElementById('agarda')
  if (state === 'over' && told) told.textContent = data.over
}

const steady = setInterval(() => {
  ask().catch((cause: unknown) => console.warn('whether the code was used could not be asked', cause))
}, askEveryMs)
