import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { makeNoteKey, noteSigner } from '../../../storage/custody/note-key.ts'
import { concatBytes, fromBase64, fromHex, toHex } from '../../../storage/custody/sha256.ts'
import {
  keyId,
  NoteMalformedError,
  NoteSignatureError,
  NoteUnknownKeyError,
  openNote,
  signNote,
} from '../../../storage/custody/signed-note.ts'
import { headText, parseHeadText, TreeHeadError } from '../../../storage/custody/tree-head.ts'
import { runProgram } from '../../../storage/programs/run-program.ts'

/** The example of golang.org/x/mod/sumdb/note, whose key and signature are published with it. */
const neumann = { name: 'PeterNeumann', publicKey: fromBase64('ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW').slice(1) }
const neumannNote =
  'If you think cryptography is the answer to your problem,\n' +
  "then you don't know what your problem is.\n\n" +
  '— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'escano-note-'))
})
afterAll(() => rm(folder, { recursive: true }))

describe('A signed note', () => {
  it('of the Go checksum database opens, and its key id is the published c74f20a3', async () => {
    expect(toHex(keyId(neumann))).toBe('c74f20a3')
    const { text, signedBy } = await openNote(neumannNote, [neumann])
    expect(text).toContain('your problem is.\n')
    expect(signedBy).toEqual([neumann])
  })

  it('fails when any byte of its text changes', async () => {
    const end = neumannNote.indexOf('\n\n')
    for (let at = 0; at < end; at += 7) {
      const changed = `${neumannNote.slice(0, at)}${neumannNote[at] === 'x' ? 'y' : 'x'}${neumannNote.slice(at + 1)}`
      await expect(openNote(changed, [neumann])).rejects.toThrow(NoteSignatureError)
    }
  })

  it('by somebody else is told apart from a broken one', async () => {
    const stranger = { name: 'PeterNeumann', publicKey: fromHex('aa'.repeat(32)) }
    await expect(openNote(neumannNote, [stranger])).rejects.toThrow(NoteUnknownKeyError)
    await expect(openNote(neumannNote, [])).rejects.toThrow(NoteUnknownKeyError)
    await expect(openNote(neumannNote.replace('x08go/Z', 'x08go/A'), [neumann])).rejects.toThrow(NoteSignatureError)
  })

  it.each([
    ['nothing', ''],
    ['no empty line', 'text\n— a x08go/ZJ\n'],
    ['no signature', 'text\n\n'],
    ['no last line end', neumannNote.slice(0, -1)],
    ['a control character', neumannNote.replace('think', 'th\u0000nk')],
    ['no base64', 'text\n\n— a ###\n'],
    ['a hyphen for the dash', neumannNote.replace('— ', '- ')],
    ['far too long', `${'a'.repeat(1_000_001)}\n\n— a x08go/ZJ\n`],
  ])('with %s is malformed', async (_, note) => {
    await expect(openNote(note, [neumann])).rejects.toThrow(NoteMalformedError)
  })

  it('that we sign verifies in openssl', async () => {
    const key = await makeNoteKey()
    const name = 'escano/L01270000/s/r'
    const head = { origin: name, size: 3, root: fromHex('11'.repeat(32)) }
    const note = await signNote(headText(head), await noteSigner(name, key))
    const { text } = await openNote(note, [{ name, publicKey: key.publicKey }])
    expect(parseHeadText(text)).toEqual(head)
    // SubjectPublicKeyInfo of Ed25519 (RFC 8410 §4) is this prefix and the raw key.
    await writeFile(join(folder, 'key.der'), concatBytes(fromHex('302a300506032b6570032100'), key.publicKey))
    await writeFile(join(folder, 'text'), text)
    const line = note.slice(note.lastIndexOf(' ') + 1, -1)
    await writeFile(join(folder, 'signature'), fromBase64(line).slice(4))
    const verify = [
      'pkeyutl',
      '-verify',
      '-rawin',
      '-pubin',
      '-keyform',
      'DER',
      '-inkey',
      'key.der',
      '-in',
      'text',
      '-sigfile',
      'signature',
    ]
    const told = await runProgram('openssl', verify, { cwd: folder })
    expect(new TextDecoder().decode(told.stdout)).toContain('Signature Verified Successfully')
  })
})

describe('A tree head', () => {
  it.each(['', 'a\n', 'a\n01\nAAAA\n', 'a\n-1\nAAAA\n', 'a\n1\n###\n', 'a\n1\nAAAA\n', 'a\n99999999999999999999\nAAAA\n', '\n1\nAAAA\n'])(
    'is refused when it reads %j',
    (text) => {
      expect(() => parseHeadText(text)).toThrow(TreeHeadError)
    },
  )
})
