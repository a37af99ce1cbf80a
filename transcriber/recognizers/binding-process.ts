/**
 * The prebuilt whisper.cpp binding in a process of its own: a crash of native code ends this process, not the server.
 * Started with `{package, model, threads}` as JSON argument; one JSON line a request on stdin, one a reply on stdout.
 */
import { createRequire } from 'node:module'
import { createInterface } from 'node:readline'

interface Context {
  transcribeData(pcm: ArrayBuffer, options: object): { promise: Promise<Reply> }
}
interface Reply {
  language?: string
  segments: { text: string; t0: number; t1: number }[]
}
interface Request {
  id: number
  pcm: string
  language: string
  temperature: number
  prompt: string
}

const options = JSON.parse(process.argv[2] ?? '{}') as { package: string; model: string; threads: number }
const binding = createRequire(import.meta.url)(options.package) as { WhisperContext: new (options: object) => Context }

function say(line: object): void {
  process.stdout.write(`${JSON.stringify(line)}\n`)
}

function load(): Context {
  try {
    return new binding.WhisperContext({ filePath: options.model, useGpu: false, useFlashAttn: true })
  } catch (error) {
    say({ refused: error instanceof Error ? error.message : String(error) })
    process.exit(3)
  }
}

const context = load()
say({ ready: true })
for await (const line of createInterface({ input: process.stdin })) {
  const request = JSON.parse(line) as Request
  const pcm = Uint8Array.from(Buffer.from(request.pcm, 'base64')).buffer
  const settings = {
    maxThreads: options.threads,
    maxContext: request.prompt ? 224 : 0,
    maxLen: 1,
    tokenTimestamps: true,
    temperatureInc: 0,
    translate: false,
  }
  const asked = { language: request.language, temperature: request.temperature, ...(request.prompt ? { prompt: request.prompt } : {}) }
  const { language, segments } = await context.transcribeData(pcm, { ...settings, ...asked }).promise
  say({ id: request.id, language: language ?? request.language, segments })
}
process.exit(0)
