import { access, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { ProgramError, runProgram } from '../../storage/programs/run-program.ts'
import { missingProgram } from '../servers/missing-program.ts'

const repository = join(import.meta.dirname, '..', '..')

/** What an operator must say; nothing of it has a default. */
const demanded = {
  ESCANO_PUBLIC_URL: 'https://pleno.example.gal',
  ESCANO_DATABASE_PASSWORD: 'a',
  ESCANO_DATABASE_OWNER_PASSWORD: 'b',
  ESCANO_S3_ENDPOINT: 'http://s3:7480',
  ESCANO_S3_ACCESS_KEY: 'key',
  ESCANO_S3_SECRET_KEY: 'secret',
}

type Services = Record<string, { environment: Record<string, string> }>

/** The file as Debian’s docker-compose reads it, with no environment but this; no engine is needed for that. */
async function config(env: Record<string, string>): Promise<string> {
  const { stdout } = await runProgram(
    'env',
    ['-i', `PATH=${process.env.PATH}`, ...assignments(env), 'docker-compose', '-f', 'docker-compose.yml', 'config'],
    {
      cwd: repository,
      timeoutMs: 60_000,
    },
  )
  return new TextDecoder().decode(stdout)
}

function assignments(env: Record<string, string>): string[] {
  return Object.entries(env).map(([name, value]) => `${name}=${value}`)
}

/** Environment of each service, from the YAML that docker-compose prints (two spaces a level, one scalar a line). */
function environments(yaml: string): Services {
  const services: Services = {}
  let service = ''
  let inEnvironment = false
  for (const line of yaml.slice(yaml.indexOf('services:')).split('\n').slice(1)) {
    if (/^\S/.test(line)) break
    const name = /^ {2}([a-z0-9-]+):$/.exec(line)?.[1]
    if (name !== undefined) service = name
    if (/^ {4}\S/.test(line)) inEnvironment = line === '    environment:'
    const variable = inEnvironment ? /^ {6}([A-Z0-9_]+): '?(.*?)'?$/.exec(line) : null
    services[service] ??= { environment: {} }
    if (variable) services[service] = { environment: { ...services[service]?.environment, [variable[1] ?? '']: variable[2] ?? '' } }
  }
  return services
}

const missing = await missingProgram('docker-compose')

describe.skipIf(missing)(`docker-compose.yml${missing ? ' (skipped: docker-compose is not installed)' : ''}`, () => {
  test('is accepted, and every part is a service of its own', async () => {
    const services = environments(await config(demanded))
    expect(Object.keys(services).sort()).toEqual(['postgres', 'recorder', 's3', 'transcriber', 'web'])
    expect(services.web?.environment.ESCANO_PARTS).toBe('web,minutes')
    expect(services.transcriber?.environment.ESCANO_PARTS).toBe('transcriber')
    expect(services.recorder?.environment.ESCANO_PARTS).toBe('recorder')
  })

  test.each(Object.keys(demanded))('is refused without %s, by its name', async (name) => {
    const rest = Object.fromEntries(Object.entries(demanded).filter(([one]) => one !== name))
    const refusal = await config(rest).then(
      () => undefined,
      (error: unknown) => error,
    )
    expect(refusal).toBeInstanceOf(ProgramError)
    expect((refusal as ProgramError).stderrTail).toContain(name)
  })

  test('gives the owner of the tables to the web alone, and the store to no recorder', async () => {
    const services = environments(await config(demanded))
    const holders = (variable: string) => Object.keys(services).filter((name) => services[name]?.environment[variable] !== undefined)
    expect(holders('ESCANO_DATABASE_OWNER_URL')).toEqual(['web'])
    expect(holders('ESCANO_S3_SECRET_KEY')).toEqual(['transcriber', 'web'])
    expect(holders('ESCANO_DATABASE_URL')).toEqual(['transcriber', 'web'])
  })

  test('sets only variables that Escano reads', async () => {
    const known = await readFile(join(repository, '.env.example'), 'utf8')
    const services = environments(await config(demanded))
    const names = Object.values(services).flatMap((one) => Object.keys(one.environment).filter((name) => name.startsWith('ESCANO_')))
    for (const name of names) expect(known).toMatch(new RegExp(`^#?${name}=`, 'm'))
  })
})

describe('the files that an image is built from', () => {
  test('carry no secret and exist', async () => {
    const dockerfile = await readFile(join(repository, 'Dockerfile'), 'utf8')
    expect(dockerfile).toMatch(/^USER escano$/m)
    expect(dockerfile).not.toMatch(/^(ENV|ARG).*(SECRET|PASSWORD|KEY=)/m)
    for (const line of dockerfile.split('\n')) {
      const copied = /^COPY (?!--from)(.+) \S+$/.exec(line)?.[1]?.split(' ') ?? []
      for (const path of copied) await access(join(repository, path))
    }
    const ignore = await readFile(join(repository, '.dockerignore'), 'utf8')
    const allowed = ignore.split('\n').flatMap((line) => (line.startsWith('!') ? [line.slice(1)] : []))
    for (const path of allowed) await access(join(repository, path))
    expect(allowed.filter((path) => /^(data|keys|models|\.env|\.git)$/.test(path))).toEqual([])
  })
})
