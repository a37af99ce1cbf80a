import { readFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { memoryReader } from '../../../minutes/verify/export-reader.ts'
import { ensureVerifier } from '../../../minutes/verify/verifier-file.ts'
import { verifyExport } from '../../../minutes/verify/verify-export.ts'
import { exportPath } from '../../../storage/custody/export-layout.ts'
import { toBase64 } from '../../../storage/custody/sha256.ts'
import type { Trust, Verification } from '../../../storage/custody/trust.ts'
import { browserMissing, openBrowser } from '../../servers/browser.ts'
import { startOpensslAuthority } from '../../servers/openssl-authority.ts'
import { makeSmallExport, type SmallExport } from './small-export.ts'

const document = '<script type="module">import * as verifier from "/verify.mjs"; globalThis.verifier = verifier</script>'

let small: SmallExport
let server: Server
let address: string

beforeAll(async () => {
  await using authority = await startOpensslAuthority()
  small = await makeSmallExport(authority)
  const verifier = await readFile(await ensureVerifier())
  server = createServer((request, response) => {
    const isScript = request.url === '/verify.mjs'
    response.writeHead(200, { 'content-type': isScript ? 'text/javascript' : 'text/html' }).end(isScript ? verifier : document)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  address = `http://localhost:${(server.address() as AddressInfo).port}/`
})
afterAll(async () => {
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
})

describe.skipIf(browserMissing !== '')(`verify.mjs in a browser${browserMissing}`, () => {
  it('answers as Node does, with the network cut after loading it, for an honest export and for a forged one', async () => {
    const browser = await openBrowser()
    try {
      const page = await browser.newPage()
      const faults: string[] = []
      page.on('pageerror', (error) => faults.push(error.message))
      await page.goto(address)
      await page.waitForFunction('globalThis.verifier !== undefined')
      await page.context().setOffline(true)
      const inBrowser = (files: ReadonlyMap<string, Uint8Array>) =>
        page.evaluate(
          async (given: { files: [string, string][]; trust: Trust }): Promise<Verification> => {
            const { verifyExport: verify, memoryReader: readerOf } = (
              globalThis as never as { verifier: typeof import('../../../minutes/verify/verify-main.ts') }
            ).verifier
            const bytesOf = (base64: string) => Uint8Array.from(atob(base64), (one) => one.charCodeAt(0))
            return await verify(readerOf(new Map(given.files.map(([path, base64]) => [path, bytesOf(base64)]))), given.trust)
          },
          { files: Array.from(files, ([path, bytes]): [string, string] => [path, toBase64(bytes)]), trust: small.trust },
        )
      const forged = new Map(small.files).set(exportPath.master, new Uint8Array(9000))
      for (const files of [small.files, forged]) {
        expect(await inBrowser(files)).toEqual(await verifyExport(memoryReader(files), small.trust))
      }
      expect((await inBrowser(small.files)).authentic).toBe(true)
      expect(faults).toEqual([])
    } finally {
      await browser.close()
    }
  })
})
