import { UsageError } from '../../../commands/arguments.ts'
import { openCommandIo } from '../../../commands/command-io.ts'
import { run } from '../../../commands/import.ts'
import { es } from '../../../commands/words/es.ts'
import { gl } from '../../../commands/words/gl.ts'

/** `escano import`, beside the server of these data. @returns its code and its answer, or the sentence it refuses with */
export async function escanoImport(at: { data: string; folder: string }, ...args: string[]): Promise<unknown> {
  const answers: string[] = []
  const io = openCommandIo({
    ...{ args: ['--json'], env: { ...process.env, ESCANO_DATA: at.data }, cwd: at.folder, dictionaries: { gl, es } },
    ...{ stdout: { write: (text: string) => answers.push(text) }, stderr: { write: () => true }, signal: new AbortController().signal },
  })
  try {
    return [await run(args, io), JSON.parse(answers.join(''))]
  } catch (error) {
    if (error instanceof UsageError) return error.sentence(gl)
    throw error
  }
}
