import { rm } from 'node:fs/promises'
import { createConnection, createServer, type Server, type Socket } from 'node:net'
import { join } from 'node:path'
import { z } from 'zod'
import { rehearsal } from '../storage/model/rehearsal.ts'
import type { Recorder } from './recorder.ts'

/** No recorder runs on this spool, or it does not answer. */
export class RecorderAbsentError extends Error {
  override readonly name = 'RecorderAbsentError'
}

const question = z.object({ command: z.enum(['stop', 'status', 'rehearse']) })
export const localAnswer = z.object({
  state: z.string(),
  session: z.string().nullable(),
  /** On the media line, s. */
  seconds: z.number(),
  unconfirmed: z.number(),
})
/** The answer to `rehearse`: what was found, or why it is not done now. */
const rehearsalAnswer = z.union([rehearsal, z.object({ refused: z.string() })])
export type LocalAnswer = z.infer<typeof localAnswer>

const answerWithinMs = 90_000

/**
 * A door for whoever owns the spool, on a socket inside it: `escano record stop` on the machine itself, with or without a line. Nobody
 * else comes in: the folder is of mode 0700.
 */
export async function openLocalControl(recorder: Recorder, spool: string): Promise<AsyncDisposable> {
  const path = socketOf(spool)
  // A crash leaves the socket's name behind; the lock of the spool says that nobody else serves it.
  await rm(path, { force: true })
  const server: Server = createServer({ allowHalfOpen: true }, (socket) => void answer(recorder, socket).catch(() => socket.destroy()))
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(path, resolve))
  return {
    [Symbol.asyncDispose]: async () => {
      await new Promise((resolve) => server.close(resolve))
      await rm(path, { force: true })
    },
  }
}

/** Asks the recorder that runs on a spool. `stop` is answered when everything is journalled and signed. @throws RecorderAbsentError */
export function askRecorder(spool: string, command: 'stop' | 'status'): Promise<LocalAnswer> {
  return ask(spool, command, localAnswer)
}

/** Has the recorder that runs on a spool rehearse. @throws RecorderAbsentError */
export function askRehearsal(spool: string): Promise<z.infer<typeof rehearsalAnswer>> {
  return ask(spool, 'rehearse', rehearsalAnswer)
}

function ask<T>(spool: string, command: z.infer<typeof question>['command'], schema: z.ZodType<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const socket = createConnection(socketOf(spool))
    const absent = (cause?: Error) => reject(new RecorderAbsentError(`no recorder answers in ${spool}`, { cause }))
    socket.setTimeout(answerWithinMs, () => socket.destroy(new Error('no answer in a minute and a half')))
    socket.once('error', absent)
    let text = ''
    socket.on('data', (bytes) => {
      text += bytes.toString('utf8')
    })
    socket.once('end', () => {
      const read = schema.safeParse(parse(text))
      if (read.success) resolve(read.data)
      else absent()
    })
    socket.end(`${JSON.stringify({ command })}\n`)
  })
}

async function answer(recorder: Recorder, socket: Socket): Promise<void> {
  socket.on('error', () => undefined)
  const text = await firstLine(socket)
  const asked = question.safeParse(parse(text))
  if (!asked.success) return void socket.destroy()
  if (asked.data.command === 'rehearse') {
    const found = await recorder.rehearse().catch((error: unknown) => ({ refused: error instanceof Error ? error.message : String(error) }))
    return void socket.end(`${JSON.stringify(found)}\n`)
  }
  const { session } = recorder.proof
  if (asked.data.command === 'stop' && session !== undefined && recorder.isRecording) {
    await recorder.stop(session)
    await recorder.ended(session)
  }
  const { proof } = recorder.proof
  const said: LocalAnswer = {
    ...{ state: recorder.isRecording ? proof.state : 'idle', session: session ?? null },
    ...{ seconds: Math.round(proof.mediaMs / 1000), unconfirmed: proof.unconfirmed },
  }
  socket.end(`${JSON.stringify(said)}\n`)
}

/** Up to its end of line; whoever sends more than a command needs is not read further. */
function firstLine(socket: Socket): Promise<string> {
  return new Promise((resolve) => {
    let text = ''
    socket.on('data', (bytes) => {
      text += bytes.toString('utf8')
      if (text.includes('\n') || text.length > 1000) resolve(text)
    })
    socket.once('end', () => resolve(text))
    socket.once('close', () => resolve(text))
  })
}

function socketOf(spool: string): string {
  return join(spool, 'control.sock')
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // Not JSON: the schema refuses undefined.
    return undefined
  }
}
