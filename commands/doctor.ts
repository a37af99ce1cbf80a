import { resolve } from 'node:path'
import { storageConfig } from '../storage/config.ts'
import { transcriberConfig } from '../transcriber/config.ts'
import { webConfig } from '../web/config.ts'
import { parseArguments } from './arguments.ts'
import type { CommandIo } from './command-io.ts'
import { bad, type Finding } from './doctor/finding.ts'
import { checkClock, checkDataFolder, checkDisk, checkKeysFolder, checkNetworkTime, checkPort } from './doctor/machine.ts'
import { checkEngine, checkFfmpeg, checkModels, checkNode, checkPostgres } from './doctor/programs.ts'
import { sentenceOf } from './error-sentence.ts'
import { houseConfig } from './house-config.ts'
import { doctorEs } from './words/doctor-es.ts'
import { type DoctorWords, doctorGl } from './words/doctor-gl.ts'

/** `escano doctor`: what is there, what is missing, what to do. @returns 1 when something needed is missing */
export async function run(args: string[], io: CommandIo): Promise<number> {
  parseArguments(args)
  const words = io.language === 'es' ? doctorEs : doctorGl
  const findings = await examine(io, words)
  for (const finding of findings) {
    const { code, ok, weight, detail, advice } = finding
    io.say(`${ok ? '✓' : weight === 'needed' ? '✗' : '!'} ${words.codes[code]}: ${detail}`)
    if (advice !== undefined) io.say(`    ${advice}`)
  }
  const missing = findings.filter((one) => !one.ok && one.weight === 'needed')
  io.say(missing.length === 0 ? words.allThere : words.missing(missing.length))
  io.answer({ ok: missing.length === 0, checks: findings })
  return missing.length === 0 ? 0 : 1
}

/** Settings first: with wrong ones, what hangs on them cannot be looked at. */
async function examine(io: CommandIo, words: DoctorWords): Promise<Finding[]> {
  const settings = readSettings(io)
  const always = [checkNode(words), await checkFfmpeg(io.env, words), checkClock(words), await checkNetworkTime(words)]
  if ('mistakes' in settings) return [bad('settings', 'needed', settings.mistakes.join(' '), words.mendSettings), ...always]
  const { storage, transcriber, web, keys } = settings
  return [
    ...always,
    await checkPostgres({ outside: storage.database.kind === 'outside', data: storage.data }, words),
    await checkEngine(transcriber, words),
    await checkModels(transcriber, words),
    await checkDisk(storage.data, words),
    await checkDataFolder(storage.data, words),
    await checkKeysFolder({ keys, data: storage.data }, words),
    await checkPort(web, words),
  ]
}

function readSettings(io: CommandIo) {
  const mistakes: string[] = []
  const read = <T>(config: (env: CommandIo['env']) => T): T | undefined => {
    try {
      return config(io.env)
    } catch (error) {
      mistakes.push(sentenceOf(error, io.words))
      return undefined
    }
  }
  const storage = read(storageConfig)
  const transcriber = read(transcriberConfig)
  const web = read(webConfig)
  const house = read(houseConfig)
  if (storage === undefined || transcriber === undefined || web === undefined || house === undefined) return { mistakes }
  return { storage, transcriber, web, keys: resolve(house.keys.folder) }
}
