import { isAbsolute } from 'node:path'
import { describe, expect, test } from 'vitest'
import { StorageConfigError, storageConfig } from '../../storage/config.ts'

const s3 = {
  ESCANO_OBJECTS: 's3',
  ESCANO_S3_BUCKET: 'plenos',
  ESCANO_S3_ACCESS_KEY: 'key',
  ESCANO_S3_SECRET_KEY: 'very-secret',
}

describe('the settings of storage', () => {
  test('with nothing set are a folder, an embedded database and a disk', () => {
    const config = storageConfig({})
    expect(config).toMatchObject({ database: { kind: 'embedded' }, objects: { kind: 'disk' } })
    expect(isAbsolute(config.data)).toBe(true)
    expect(storageConfig({ ESCANO_DATABASE_URL: '  ', ESCANO_OBJECTS: '' })).toEqual(config)
  })

  test('read an outside database and a bucket', () => {
    const config = storageConfig({ ...s3, ESCANO_DATABASE_URL: 'postgresql://app:p%40ss@db.example:6432/escano?sslmode=require' })
    expect(config.objects).toMatchObject({ kind: 's3', bucket: 'plenos', region: 'us-east-1' })
    expect(config.database).toMatchObject({
      kind: 'outside',
      app: { host: 'db.example', port: 6432, user: 'app', password: 'p@ss', database: 'escano', tls: true },
    })
  })

  test('tell every mistake at once, by the name of its variable, and no value', () => {
    const wrong = {
      ...s3,
      ESCANO_S3_BUCKET: '',
      ESCANO_S3_ENDPOINT: 'nowhere',
      ESCANO_DATABASE_URL: 'mysql://u:very-secret@h/d',
      ESCANO_PUBLIC_URL: 'x',
      ESCANO_TICKET_SECRET: 'short-secret',
    }
    const error = catchError(() => storageConfig(wrong))
    expect(error).toBeInstanceOf(StorageConfigError)
    for (const name of ['ESCANO_S3_BUCKET', 'ESCANO_S3_ENDPOINT', 'ESCANO_DATABASE_URL', 'ESCANO_PUBLIC_URL', 'ESCANO_TICKET_SECRET']) {
      expect(error.message).toContain(name)
    }
    expect(error.message).not.toMatch(/very-secret|short-secret/)
    expect(catchError(() => storageConfig({ ESCANO_OBJECTS: 'tape' })).message).toContain('ESCANO_OBJECTS')
  })
})

function catchError(work: () => unknown): Error {
  try {
    work()
  } catch (error) {
    if (error instanceof Error) return error
  }
  throw new Error('nothing was thrown')
}
