import { createHash } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/** One decoding that a worker asked for. */
export interface AskedDecoding {
  /** SHA-256 of the samples. */
  pcmSha256: string
  /** What `snapshot` told when it came. */
  before: ReadonlySet<string>
}

/**
 * Stands before a recognition server, passes every request on and notes the decodings: which sound, and what was on record when it came.
 * Requests that only ask for the language are passed on and not noted.
 */
export async function countingProxy(target: string, snapshot: () => Promise<Set<string>>) {
  const asked: AskedDecoding[] = []
  const server = createServer(async (request, response) => {
    const pieces: Buffer[] = []
    for await (const piece of request) pieces.push(piece as Buffer)
    const body = Buffer.concat(pieces)
    const pcm = samplesOf(body)
    if (!body.includes('name="duration"')) {
      asked.push({ pcmSha256: createHash('sha256').update(pcm).digest('hex'), before: await snapshot() })
    }
    try {
      const answer = await fetch(target, { method: 'POST', body, headers: { 'content-type': request.headers['content-type'] ?? '' } })
      response.writeHead(answer.status, { 'content-type': 'application/json' }).end(Buffer.from(await answer.arrayBuffer()))
    } catch {
      response.writeHead(502).end()
    }
  })
  server.listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  return {
    asked,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/inference`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** Samples of the WAV file in a form: its header says how many bytes they are. */
function samplesOf(body: Buffer): Buffer {
  const start = body.indexOf('RIFF')
  const length = body.readUInt32LE(start + 40)
  return body.subarray(start + 44, start + 44 + length)
}
