import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { exportSession } from '../minutes/export-session.ts'
import { verifyPath } from '../minutes/verify/verify-path.ts'
import { parseArguments, UsageError } from './arguments.ts'
import type { CommandIo } from './command-io.ts'
import { demoReport } from './demo/demo-report.ts'
import { playDemo } from './demo/play-demo.ts'
import { prepareDemo } from './demo/prepare-demo.ts'
import { demoEnvironment, sampleFolder, samplePlay } from './demo/sample-files.ts'
import { stepTeller } from './demo/step-teller.ts'
import { type Environment, openHouse } from './house.ts'
import { isThere } from './is-there.ts'
import { demoWords } from './words/demo-words.ts'

/**
 * `escano demo --out DIR`: the whole way without a person, in an installation of its own that is gone afterwards, or conducting the
 * one at ESCANO_SERVER_URL whose parts run elsewhere. Exit 0 only if the exported session verifies.
 */
export async function run(args: string[], io: CommandIo): Promise<number> {
  const { values } = parseArguments(args, { options: { out: { type: 'string' } } })
  const words = demoWords(io.language)
  if (values.out === undefined) throw new UsageError((all) => all.usage.missing('--out'))
  const out = resolve(io.cwd, values.out)
  if (await isThere(out)) throw new UsageError(() => words.outThere(out))
  await using installation = await openInstallation(io.env)
  await using house = await openHouse(installation.env, {
    onBuild: () => io.progress(words.buildingPages),
    report: (line) => io.progress(words.trouble(line)),
  })
  const demo = await prepareDemo(house.storage, house.keys, house.address)
  if (house.parts.includes('recorder')) await house.startRecorder(demo, samplePlay)
  const session = await playDemo({ house, demo, sample: sampleFolder, onStep: stepTeller(io, words), signal: io.signal })
  await exportSession(house.storage, demo.council.id, session.id, out, 'custody')
  const verification = await verifyPath(out, await house.keys.trust(), 'installation')
  io.answer(await demoReport(house.storage, demo, session, out, verification))
  if (verification.authentic) io.say(words.result(out))
  return verification.authentic ? 0 : 1
}

interface Installation extends AsyncDisposable {
  env: Environment
}

/** A whole installation in a temporary folder and on a free port; its keys stay with the installation's, so that `verify` knows them. */
async function openInstallation(env: Environment): Promise<Installation> {
  if (env.ESCANO_SERVER_URL) {
    return {
      env: { ...demoEnvironment(env), ESCANO_PARTS: 'conductor', ESCANO_PUBLIC_URL: env.ESCANO_SERVER_URL },
      [Symbol.asyncDispose]: async () => undefined,
    }
  }
  const folder = await mkdtemp(join(tmpdir(), 'escano-demo-'))
  const own = {
    ESCANO_DATA: folder,
    ESCANO_RECORDER_SPOOL: join(folder, 'spool'),
    ESCANO_WEB_PORT: String(await freePort()),
    ESCANO_WEB_HOST: '127.0.0.1',
    // An engine built here would be thrown away with the folder.
    ESCANO_TRANSCRIBER_BUILD: '0',
  }
  return {
    env: { ...demoEnvironment(env), ...own, ESCANO_PARTS: '', ESCANO_PUBLIC_URL: '' },
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  }
}

function freePort(): Promise<number> {
  return new Promise((found, failed) => {
    const probe = createServer()
    probe.once('error', failed)
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() => (typeof address === 'object' && address ? found(address.port) : failed(new Error('no free port on 127.0.0.1'))))
    })
  })
}
