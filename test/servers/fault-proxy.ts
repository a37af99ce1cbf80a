import type { AddressInfo } from 'node:net'
import { createConnection, createServer, type Server, type Socket } from 'node:net'

/** A TCP way to a server that can fail as ways do. Bytes pass untouched; it knows nothing of what they mean. */
export interface FaultProxy extends AsyncDisposable {
  readonly port: number
  /** Connections made through it. */
  readonly connections: number
  /** Nothing passes and nobody is told: packets dropped. `mend` lets go on what waited. */
  cut(): void
  mend(): void
  /** The next answers are thrown away after the server gave them, and the connection is broken: stored, but nobody heard. */
  loseAnswers(count: number): void
  /** The next requests get 503 from the way itself. */
  refuse(count: number): void
  /** Bytes a second towards the server; undefined: all at once. */
  pace(bytesPerSecond: number | undefined): void
}

/** @param to port on loopback that it leads to; @param isLost which requests' answers `loseAnswers` means, by the first bytes sent */
export async function startFaultProxy(to: number, isLost: (request: string) => boolean = () => true): Promise<FaultProxy> {
  let [connections, toLose, toRefuse, isCut] = [0, 0, 0, false]
  let rate: number | undefined
  let freeAtMs = 0
  const open = new Set<Socket>()
  const server: Server = createServer((client) => {
    connections++
    const upstream = createConnection({ port: to, host: '127.0.0.1' })
    let asked = ''
    for (const socket of [client, upstream]) {
      open.add(socket)
      if (isCut) socket.pause()
      socket.on('error', () => undefined)
      socket.on('close', () => {
        open.delete(socket)
        client.destroy()
        upstream.destroy()
      })
    }
    client.on('data', (bytes) => {
      // A new request on a kept connection begins with its method.
      const text = bytes.subarray(0, 200).toString('latin1')
      const begins = /^(?:GET|PUT|POST|HEAD) /.test(text)
      if (begins) asked = text
      if (begins && toRefuse > 0) {
        toRefuse--
        client.end('HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\nConnection: close\r\n\r\n')
        return
      }
      if (rate === undefined) return void upstream.write(bytes)
      const now = performance.now()
      freeAtMs = Math.max(freeAtMs, now) + (bytes.length / rate) * 1000
      client.pause()
      setTimeout(() => {
        upstream.write(bytes)
        if (!isCut) client.resume()
      }, freeAtMs - now)
    })
    upstream.on('data', (bytes) => {
      // 100 Continue is no answer yet.
      const isAnswer = /^HTTP\/1\.1 [2-5]/.test(bytes.subarray(0, 16).toString('latin1'))
      if (toLose > 0 && isAnswer && isLost(asked)) {
        toLose--
        client.destroy()
        upstream.destroy()
      } else client.write(bytes)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as AddressInfo).port,
    get connections() {
      return connections
    },
    cut: () => {
      isCut = true
      for (const socket of open) socket.pause()
    },
    mend: () => {
      isCut = false
      for (const socket of open) socket.resume()
    },
    loseAnswers: (count) => {
      toLose = count
    },
    refuse: (count) => {
      toRefuse = count
    },
    pace: (bytesPerSecond) => {
      rate = bytesPerSecond
    },
    [Symbol.asyncDispose]: async () => {
      for (const socket of open) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
