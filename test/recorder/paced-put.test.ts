import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type RequestListener } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { afterEach, expect, test } from 'vitest'
import { pacedPut } from '../../recorder/paced-put.ts'
import { TokenBucket } from '../../recorder/upload-lanes.ts'
import { runProgram } from '../../storage/programs/run-program.ts'
import { missingProgram } from '../servers/missing-program.ts'
import { temporaryFolder } from '../transcriber/sample-audio.ts'

const noOpenssl = await missingProgram('openssl')
afterEach(() => {
  delete process.env['NODE_TLS_REJECT_UNAUTHORIZED']
})

async function certified(): Promise<{ key: Buffer; cert: Buffer }> {
  await using folder = await temporaryFolder()
  const [key, cert] = [join(folder.path, 'key.pem'), join(folder.path, 'cert.pem')]
  const subject = ['-subj', '/CN=localhost', '-days', '1']
  await runProgram('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', key, '-out', cert, ...subject])
  return { key: await readFile(key), cert: await readFile(cert) }
}

/** A store that takes the line and then reads nothing, as behind a line that is dead, until it is told to. */
async function deafStore(secure: boolean, host: string) {
  const asked = Promise.withResolvers<IncomingMessage>()
  const listen: RequestListener = (request) => asked.resolve(request)
  const server = secure ? createTlsServer(await certified(), listen) : createServer(listen)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    url: new URL(`${secure ? 'https' : 'http'}://${host}:${port}/segment`),
    asked: asked.promise,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
    },
  }
}

const reason = noOpenssl ? ' (skipped: no openssl on this machine)' : ''

async function giveUpMidway(secure: boolean, host: string): Promise<void> {
  if (secure) process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = '0'
  await using store = await deafStore(secure, host)
  const bytes = Buffer.alloc(200_000, 7)
  const giveUp = new AbortController()
  const put = pacedPut({ url: store.url, headers: {}, bytes, bucket: new TokenBucket(undefined), signal: giveUp.signal })
  const request = await store.asked
  // All of it is with the kernel by then.
  await wait(300)
  giveUp.abort(new Error('the line is dead'))
  await expect(put).rejects.toThrow()
  let got = 0
  request.on('data', (piece: Buffer) => (got += piece.length))
  await new Promise((resolve) => request.once('close', resolve).once('error', resolve).once('end', resolve))
  expect(request.complete).toBe(false)
  expect(got).toBeLessThan(bytes.length)
}

test('over http, what was given up never reaches the store whole', () => giveUpMidway(false, '127.0.0.1'))
test.skipIf(noOpenssl).each(['127.0.0.1', 'localhost'])(`over https to %s neither${reason}`, (host) => giveUpMidway(true, host))

test.each(['http://127.0.0.1:9', 'https://127.0.0.1:9', 'https://localhost:9', 'https://store.invalid'])(
  'a store that cannot be reached at %s is an error of this PUT',
  async (address) => {
    const signal = AbortSignal.timeout(20_000)
    const put = { url: new URL('/segment', address), headers: {}, bytes: Buffer.alloc(50_000), bucket: new TokenBucket(undefined), signal }
    await expect(pacedPut(put)).rejects.toThrow()
  },
)

test.skipIf(noOpenssl)(`over https one connection carries what comes after${reason}`, async () => {
  process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = '0'
  const ports = new Set<number | undefined>()
  const server = createTlsServer(await certified(), (request, response) => {
    ports.add(request.socket.remotePort)
    request.resume().once('end', () => response.end())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = new URL(`https://127.0.0.1:${(server.address() as AddressInfo).port}/segment`)
  for (const fill of [1, 2, 3]) {
    const put = {
      url,
      headers: {},
      bytes: Buffer.alloc(50_000, fill),
      bucket: new TokenBucket(undefined),
      signal: AbortSignal.timeout(20_000),
    }
    expect(await pacedPut(put)).toBe(200)
  }
  expect(ports.size).toBe(1)
  server.closeAllConnections()
  server.close()
})
