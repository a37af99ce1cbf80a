import { once } from 'node:events'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'

/**
 * An access point as Shure's public text describes it (pubs.shure.com/command-strings/MXCW): answers GET with REP, reports each change by
 * itself, says nothing for seats without a unit. Written from that text; no hardware was seen.
 */
export class ShureUnit implements AsyncDisposable {
  readonly #server: Server
  readonly #sockets = new Set<Socket>()
  readonly microphones = new Map<number, 'ON' | 'OFF'>()
  /** What it was asked, in order. */
  readonly asked: string[] = []
  dials = 0
  mute = false

  private constructor(server: Server) {
    this.#server = server
    server.on('connection', (socket) => {
      this.dials++
      this.#sockets.add(socket)
      socket.setEncoding('latin1')
      socket.on('data', (text: string) => this.#answer(socket, text))
      socket.on('error', () => socket.destroy())
      socket.on('close', () => this.#sockets.delete(socket))
    })
  }

  static async start(port = 0): Promise<ShureUnit> {
    const unit = new ShureUnit(createServer())
    unit.#server.listen(port, '127.0.0.1')
    await once(unit.#server, 'listening')
    return unit
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port
  }

  /** A button in the chamber is pressed. */
  press(seat: number, status: 'ON' | 'OFF'): void {
    this.microphones.set(seat, status)
    this.say(`< REP ${seat} MIC_STATUS ${status} >`)
  }

  /** As it comes on the wire. */
  say(text: string): void {
    for (const socket of this.#sockets) if (!this.mute) socket.write(text)
  }

  /** The network cable is pulled. */
  cut(): void {
    for (const socket of this.#sockets) socket.destroy()
  }

  #answer(socket: Socket, text: string): void {
    for (const [, question = ''] of text.matchAll(/< ([^<>]*) >/g)) {
      this.asked.push(question)
      if (this.mute) continue
      if (question === 'GET MODEL') socket.write('< REP MODEL {MXCWAPT                         } >')
      if (question === 'GET 0 MIC_STATUS')
        for (const [seat, status] of this.microphones) socket.write(`< REP ${seat} MIC_STATUS ${status} >`)
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.cut()
    this.#server.close()
    await once(this.#server, 'close')
  }
}
