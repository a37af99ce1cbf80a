import type { Browser, BrowserContext, BrowserContextOptions } from 'playwright-core'
import { demoCouncil } from '../../../commands/demo/demo-council.ts'
import type { Council } from '../../../storage/model/council.ts'
import { newId } from '../../../storage/model/ids.ts'
import type { Session } from '../../../storage/model/session.ts'
import { session as sessionSchema } from '../../../storage/model/session.ts'
import { putAccount } from '../../../storage/records/accounts.ts'
import { putCouncil } from '../../../storage/records/councils.ts'
import { putSession } from '../../../storage/records/sessions.ts'
import type { Storage } from '../../../storage/storage.ts'
import { hashPassword } from '../../../web/sign-in/password-hash.ts'

export const password = 'unha-frase-longa-de-proba'

/** A council with its people and accounts, and a session that waits in the chamber. */
export async function putChamber(
  storage: Storage,
  slug: string,
  changes: { council?: (of: Council) => Council; convenedFor?: number } = {},
): Promise<{ council: Council; session: Session; slug: string }> {
  const council = changes.council?.(demoCouncil()) ?? demoCouncil()
  const titles = [
    ['approval-of-acta', 'Aprobación da acta da sesión anterior', 'Aprobación del acta de la sesión anterior'],
    ['ditame', 'Modificación de crédito 7/2026', 'Modificación de crédito 7/2026'],
    [
      'ditame',
      'Ordenanza fiscal reguladora da taxa pola recollida do lixo',
      'Ordenanza fiscal reguladora de la tasa por la recogida de basura',
    ],
    ['mocion', 'Moción sobre a praza da feira', 'Moción sobre la plaza de la feria'],
    ['rogos-e-preguntas', 'Rogos e preguntas', 'Ruegos y preguntas'],
  ] as const
  const session = sessionSchema.parse({
    id: newId(),
    council: council.id,
    kind: 'ordinary',
    call: 1,
    convenedFor: changes.convenedFor ?? Date.UTC(2026, 9, 27, 18),
    actaNumber: 7,
    slug: '2026-10-27',
    place: council.room,
    agenda: titles.map(([kind, gl, es], index) => ({
      id: newId(),
      number: index + 1,
      kind,
      section: kind === 'rogos-e-preguntas' ? 'control' : 'resolutive',
      title: { gl, es },
    })),
  })
  const passwordHash = await hashPassword(password)
  const secretary = council.members.find((one) => one.speaker === 'secretaria')
  await storage.database.inCouncil(council.id, async (tx) => {
    await putCouncil(tx, council, slug)
    await putSession(tx, session)
    await putAccount(tx, {
      id: newId(),
      login: 'secretaria',
      name: 'Noela Lestrigo',
      role: 'secretary',
      passwordHash,
      ...(secretary ? { member: secretary.id } : {}),
    })
    await putAccount(tx, { id: newId(), login: 'alcaldesa', name: 'Sabela Outedal', role: 'mayor', passwordHash })
    await putAccount(tx, { id: newId(), login: 'tecnico', name: 'Xoán Proba', role: 'technician', passwordHash })
  })
  return { council, session, slug }
}

/** Signs in over HTTP and gives the cookie; undefined when the door stays shut. */
export async function signIn(address: string, slug: string, login: string, secret = password): Promise<string | undefined> {
  const response = await fetch(`${address}/c/${slug}/entrar`, {
    method: 'POST',
    redirect: 'manual',
    headers: { 'Content-Type': 'application/x-www-form-urlencoded', Origin: address },
    body: new URLSearchParams({ login, password: secret }),
  })
  return response.headers.get('set-cookie')?.split(';')[0]
}

/** The demo council as a small one: so many members by law, all of them in office, and its secretary. */
export function smallCouncil(legal: number): (of: Council) => Council {
  return (of) => {
    const members = of.members.filter((one) => one.legal).slice(0, legal)
    return { ...of, legalNumber: legal, members: [...members, ...of.members.filter((one) => !one.legal)] }
  }
}

/** A browser context with the secretary's cookie. */
export async function staffContext(
  browser: Browser,
  web: { address: string },
  slug: string,
  options: BrowserContextOptions = {},
): Promise<BrowserContext> {
  const context = await browser.newContext(options)
  // Functions of a test that run in the page carry a helper of the compiler with them when they were run by tsx.
  await context.addInitScript({ content: 'globalThis.__name ??= (of) => of' })
  const [name = '', value = ''] = ((await signIn(web.address, slug, 'secretaria')) ?? '').split('=')
  await context.addCookies([{ name, value, url: web.address }])
  return context
}
