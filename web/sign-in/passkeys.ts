import {
  generateAuthenticationOptions,
  generateRegistrationOptions,
  type PublicKeyCredentialCreationOptionsJSON,
  type PublicKeyCredentialRequestOptionsJSON,
  verifyAuthenticationResponse,
  verifyRegistrationResponse,
} from '@simplewebauthn/server'
import { z } from 'zod'
import type { CouncilId } from '../../storage/model/ids.ts'
import { type Account, readAccount } from '../../storage/records/accounts.ts'
import { writeAudit } from '../../storage/records/audit.ts'
import {
  listPasskeys,
  notePasskeyUse,
  passkey,
  putChallenge,
  putPasskey,
  readPasskey,
  takeChallenge,
} from '../../storage/records/passkeys.ts'
import type { Storage } from '../../storage/storage.ts'
import type { RelyingParty } from './relying-party.ts'

/** An authenticator's answer that proves nothing: another origin, a challenge that was answered, a key nobody has, a counter gone back. */
export class PasskeyRefusedError extends Error {
  override readonly name = 'PasskeyRefusedError'
}

/** How long an authenticator may take to answer: WebAuthn's own recommendation for one that verifies its user. */
export const challengeLifeMs = 5 * 60_000

const base64url = z.string().regex(/^[A-Za-z0-9_-]*$/)
const answer = { id: base64url.min(1), rawId: base64url, type: z.literal('public-key'), clientExtensionResults: z.object({}) }
/** What a browser makes of a new passkey (WebAuthn §5.1, RegistrationResponseJSON). */
export const registrationAnswer = z.object({
  ...answer,
  response: z.object({
    clientDataJSON: base64url,
    attestationObject: base64url,
    transports: z.array(z.string().max(40)).max(10).optional(),
  }),
})
/** How a browser answers with a passkey (AuthenticationResponseJSON). */
export const authenticationAnswer = z.object({
  ...answer,
  response: z.object({ clientDataJSON: base64url, authenticatorData: base64url, signature: base64url }),
})

/** Where passkeys are asked for, and who alone may answer the challenge. */
export interface Asking {
  storage: Pick<Storage, 'database'>
  council: CouncilId
  party: RelyingParty
  /** One browser's secret, hashed. */
  boundTo: string
}

export async function askToRegister(
  of: Asking,
  account: Pick<Account, 'id' | 'login' | 'name'>,
): Promise<PublicKeyCredentialCreationOptionsJSON> {
  const known = await of.storage.database.inCouncil(of.council, (tx) => listPasskeys(tx, account.id))
  const options = await generateRegistrationOptions({
    ...{ rpName: 'Escano', rpID: of.party.id, userID: new Uint8Array(Buffer.from(account.id)), userName: account.login },
    ...{ userDisplayName: account.name, timeout: challengeLifeMs, attestationType: 'none' },
    excludeCredentials: known.map(({ id }) => ({ id })),
    authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
  })
  await keepChallenge(of, options.challenge)
  return options
}

/** @throws PasskeyRefusedError */
export async function registerPasskey(
  of: Asking,
  account: string,
  { name, response }: { name: string; response: z.infer<typeof registrationAnswer> },
): Promise<void> {
  const verified = await proven(() => verifyRegistrationResponse({ ...expectations(of), response: withTransports(response) }))
  if (!verified.verified) throw new PasskeyRefusedError('the new passkey proves nothing')
  const { id, publicKey, counter } = verified.registrationInfo.credential
  const transports = response.response.transports ?? []
  const publicKeyText = Buffer.from(publicKey).toString('base64url')
  const made = passkey.parse({ id, account, name, publicKey: publicKeyText, counter, transports, createdAtMs: Date.now() })
  await of.storage.database.inCouncil(of.council, async (tx) => {
    if (await readPasskey(tx, id)) throw new PasskeyRefusedError('this passkey is known already')
    await putPasskey(tx, made)
    await writeAudit(tx, { by: account, action: 'passkey-added', object: 'web', result: 'done' })
  })
}

export async function askToSignIn(of: Asking): Promise<PublicKeyCredentialRequestOptionsJSON> {
  const options = await generateAuthenticationOptions({ rpID: of.party.id, timeout: challengeLifeMs, userVerification: 'required' })
  await keepChallenge(of, options.challenge)
  return options
}

/** The account whose passkey answered. @throws PasskeyRefusedError */
export async function accountOfPasskey(of: Asking, response: z.infer<typeof authenticationAnswer>): Promise<Account> {
  // The challenge is spent whatever comes of the rest, so that an answer is looked at once.
  const spent = await spendChallenge(of, response.response.clientDataJSON)
  const account = await of.storage.database.inCouncil(of.council, async (tx) => {
    const kept = spent === undefined ? undefined : await readPasskey(tx, response.id)
    const found = kept && (await readAccount(tx, kept.account))
    if (!kept || !found || found.role === 'substitute') return undefined
    const credential = { id: kept.id, publicKey: new Uint8Array(Buffer.from(kept.publicKey, 'base64url')), counter: kept.counter }
    const verified = await verifyAuthenticationResponse({
      ...{ response, credential, requireUserVerification: true, expectedChallenge: spent ?? '' },
      ...{ expectedOrigin: of.party.origin, expectedRPID: of.party.id },
    }).catch(() => undefined)
    if (!verified?.verified) return undefined
    await notePasskeyUse(tx, kept.id, { counter: verified.authenticationInfo.newCounter, usedAtMs: Date.now() })
    return found
  })
  await of.storage.database.inCouncil(of.council, (tx) =>
    writeAudit(tx, { by: account?.id ?? 'nobody', action: 'sign-in', object: 'web passkey', result: account ? 'granted' : 'refused' }),
  )
  if (!account) throw new PasskeyRefusedError('the passkey proves nobody')
  return account
}

function expectations(of: Asking) {
  return {
    expectedChallenge: (challenge: string) =>
      of.storage.database.inCouncil(of.council, (tx) => takeChallenge(tx, { challenge, boundTo: of.boundTo })),
    ...{ expectedOrigin: of.party.origin, expectedRPID: of.party.id, requireUserVerification: true },
  }
}

const clientData = z.object({ challenge: z.string().min(1).max(200) })

async function spendChallenge(of: Asking, clientDataJson: string): Promise<string | undefined> {
  const challenge = await proven(() => clientData.parse(JSON.parse(Buffer.from(clientDataJson, 'base64url').toString())).challenge)
  const stood = await of.storage.database.inCouncil(of.council, (tx) => takeChallenge(tx, { challenge, boundTo: of.boundTo }))
  return stood ? challenge : undefined
}

function keepChallenge(of: Asking, challenge: string): Promise<void> {
  return of.storage.database.inCouncil(of.council, (tx) =>
    putChallenge(tx, { challenge, boundTo: of.boundTo, expiresAtMs: Date.now() + challengeLifeMs }),
  )
}

async function proven<T>(work: () => T | Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (cause) {
    throw new PasskeyRefusedError('an answer of an authenticator proves nothing', { cause })
  }
}

/** The library wants no key that holds nothing. */
function withTransports({ response, ...rest }: z.infer<typeof registrationAnswer>) {
  const { clientDataJSON, attestationObject } = response
  return { ...rest, response: { clientDataJSON, attestationObject } }
}
