/**
 * For the container's HEALTHCHECK: the web answers without a fault of its own. A container without the web is well while it runs.
 */
const parts = (process.env.ESCANO_PARTS ?? 'web').split(',')
if (parts.includes('web')) {
  const answer = await fetch(`http://127.0.0.1:${process.env.ESCANO_WEB_PORT ?? 8080}/`, {
    signal: AbortSignal.timeout(4_000),
    redirect: 'manual',
  })
  if (answer.status >= 500) throw new Error(`the web answers ${answer.status}`)
}
