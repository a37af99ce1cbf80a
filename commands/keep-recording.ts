import { createInterface } from 'node:readline/promises'
import type { Recorder } from '../recorder/recorder.ts'
import type { CommandIo } from './command-io.ts'
import { recordWords } from './words/record-words.ts'

/**
 * A plenary does not end by Ctrl-C or by a stray SIGTERM (design.md §2 "stopping"): while the recorder records, a signal asks whoever
 * sits there, or refuses with the sentence that says how. Once nothing is recorded a signal ends the program as always.
 */
export function keepRecording(recorder: Recorder, io: CommandIo): void {
  const words = recordWords(io.language)
  let asking = false
  io.guardSignals(() => {
    if (!recorder.isRecording) return false
    if (!io.isTerminal) io.say(words.refusesToStop)
    else if (!asking) {
      asking = true
      void ask().finally(() => {
        asking = false
      })
    }
    return true
  })

  async function ask(): Promise<void> {
    const lines = createInterface({ input: process.stdin, output: process.stderr })
    const answer = await lines.question(words.askStop).finally(() => lines.close())
    const { session } = recorder.proof
    if (answer.trim().toLowerCase() !== words.stopWord || session === undefined) return io.say(words.goesOn)
    await recorder.stop(session)
    await recorder.ended(session)
    const { mediaMs, unconfirmed } = recorder.proof.proof
    io.say(words.stopped(Math.round(mediaMs / 1000), unconfirmed))
  }
}
