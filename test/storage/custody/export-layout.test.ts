import { describe, expect, it } from 'vitest'
import { exportPath, isExportPath } from '../../../storage/custody/export-layout.ts'

describe('A path of an export', () => {
  it.each([
    exportPath.contents,
    exportPath.segment({ part: 0, track: 'master', index: 12 }),
    exportPath.logFile('tile/entries/000.p/3'),
    'captions.gl.vtt',
    'a..b/c',
  ])('may be %s', (path) => {
    expect(isExportPath(path)).toBe(true)
  })

  it.each(['', '/etc/passwd', '../a', 'a/../b', 'a//b', 'a/./b', '.', '..', 'a\\b', 'a\u0000b', 'C:/a', 'a/', 'ñ', `${'a'.repeat(513)}`])(
    'may not be %j',
    (path) => {
      expect(isExportPath(path)).toBe(false)
    },
  )
})
