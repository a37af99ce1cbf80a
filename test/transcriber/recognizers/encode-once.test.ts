import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { encodeOnce } from '../../../transcriber/recognizers/encode-once.ts'
import { buildFingerprint, compileUnits, engineSources } from '../../../transcriber/recognizers/engine-sources.ts'

const sources = await engineSources()
const skipped = sources ? '' : ' (skipped: the package nodejs-whisper is not installed)'

test.skipIf(!sources)(
  `the change finds its place in the locked sources of whisper.cpp, only adds to them, and is named by the build${skipped}`,
  async () => {
    if (!sources) throw new Error('no sources')
    const upstream = await readFile(join(sources.folder, 'src', 'whisper.cpp'), 'utf8')
    const [ours, theirs] = [await compileUnits(sources, 'x64', true), await compileUnits(sources, 'x64', false)]
    expect(ours.map((unit) => unit.source)).toEqual(theirs.map((unit) => unit.source))
    expect(theirs.every((unit) => unit.changed === undefined)).toBe(true)
    const [changed, ...others] = ours.flatMap((unit) => unit.changed ?? [])
    expect(others).toEqual([])

    const kept = upstream.split('\n')
    let place = 0
    for (const line of changed?.split('\n') ?? []) if (line === kept[place]) place++
    expect(place).toBe(kept.length)

    expect(await buildFingerprint(sources, ours, 'c++ 1')).toMatch(/^whisper\.cpp-[\d.]+-encode-once-[0-9a-f]{16}$/)
    expect(await buildFingerprint(sources, theirs, 'c++ 1')).toMatch(/^whisper\.cpp-[\d.]+-[0-9a-f]{16}$/)
    expect(encodeOnce(upstream.replace('inp_mel;', 'input;'))).toBeUndefined()
    expect(encodeOnce(upstream + upstream)).toBeUndefined()
  },
)
