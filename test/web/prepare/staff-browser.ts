import { signIn } from '../control/chamber.ts'

/** A person of the staff as plain HTTP: forms without JavaScript. */
export interface StaffVisit {
  get(path: string, headers?: Record<string, string>): Promise<{ status: number; text: string; location: string | null }>
  post(path: string, values: Record<string, string | string[]>): Promise<{ status: number; text: string; location: string | null }>
  /** Opens a page and sends one of its forms: the hidden fields as they stand in it, `values` over them. */
  submit(
    path: string,
    form: Record<string, string>,
    values?: Record<string, string | string[]>,
  ): Promise<{ status: number; text: string; location: string | null }>
}

export async function visitAs(address: string, slug: string, login: string): Promise<StaffVisit> {
  const cookie = await signIn(address, slug, login)
  if (cookie === undefined) throw new Error(`${login} was not let in`)
  const answer = async (response: Response) => ({
    status: response.status,
    text: await response.text(),
    location: response.headers.get('location'),
  })
  const get: StaffVisit['get'] = async (path, headers = {}) =>
    answer(await fetch(address + path, { headers: { cookie, accept: 'text/html', ...headers }, redirect: 'manual' }))
  const post: StaffVisit['post'] = async (path, values) => {
    const body = new URLSearchParams()
    for (const [name, value] of Object.entries(values)) for (const one of [value].flat()) body.append(name, one)
    return answer(
      await fetch(address + path, { method: 'POST', headers: { cookie, origin: address, accept: 'text/html' }, redirect: 'manual', body }),
    )
  }
  return {
    get,
    post,
    submit: async (path, form, values = {}) => {
      const page = (await get(path)).text
      const found = formsIn(page).find((one) => Object.entries(form).every(([name, value]) => one[name] === value))
      if (!found) throw new Error(`no form ${JSON.stringify(form)} in ${path}: ${page.slice(0, 300)}`)
      return await post(path, { ...found, ...values })
    },
  }
}

/** The hidden and filled fields of each form of a page. */
function formsIn(page: string): Record<string, string>[] {
  return [...page.matchAll(/<form[\s\S]*?<\/form>/g)].map(([form]) => {
    const fields: Record<string, string> = {}
    for (const [input] of form.matchAll(/<input[^>]*>/g)) {
      const name = attribute(input, 'name')
      if (name && (!/type="checkbox"/.test(input) || /\schecked/.test(input))) fields[name] = attribute(input, 'value') ?? ''
    }
    for (const [, name = '', text = ''] of form.matchAll(/<textarea[^>]*name="([^"]+)"[^>]*>([\s\S]*?)<\/textarea>/g))
      fields[name] = unescaped(text)
    for (const [, name = '', options = ''] of form.matchAll(/<select[^>]*name="([^"]+)"[^>]*>([\s\S]*?)<\/select>/g)) {
      const chosen = /<option[^>]*selected[^>]*>/.exec(options)?.[0] ?? /<option[^>]*>/.exec(options)?.[0] ?? ''
      fields[name] = attribute(chosen, 'value') ?? ''
    }
    return fields
  })
}

const attribute = (tag: string, name: string) => {
  const found = new RegExp(`\\s${name}="([^"]*)"`).exec(tag)?.[1]
  return found === undefined ? undefined : unescaped(found)
}

const unescaped = (text: string) =>
  text.replaceAll('&quot;', '"').replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&#39;', "'").replaceAll('&amp;', '&')
