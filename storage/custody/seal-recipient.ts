import { Encrypter } from 'age-encryption'

/** Whether a text is a public key `age1…`, its checksum included. */
export function isSealRecipient(text: string): boolean {
  if (!/^age1[02-9ac-hj-np-z]{58}$/.test(text)) return false
  try {
    new Encrypter().addRecipient(text)
    return true
  } catch {
    // The checksum does not fit: a letter was lost or changed on the way.
    return false
  }
}
