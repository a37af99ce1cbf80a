import { readdirSync, readFileSync } from 'node:fs'
import ts from 'typescript'
import { describe, expect, test } from 'vitest'
import { href } from '../../../web/words/words.ts'

const areas = readdirSync('web/words').flatMap((name) => /^(.+)-gl\.ts$/.exec(name)?.[1] ?? [])

/** Paths of all sentences in a dictionary, with what kind of thing stands there. */
function shape(value: unknown, path = ''): string[] {
  if (typeof value !== 'object' || value === null)
    return [`${path}: ${typeof value}${typeof value === 'function' ? `/${value.length}` : ''}`]
  return Object.entries(value).flatMap(([key, inner]) => shape(inner, `${path}.${key}`))
}

async function dictionary(area: string, language: 'gl' | 'es'): Promise<unknown> {
  const module: Record<string, unknown> = await import(`../../../web/words/${area}-${language}.ts`)
  return Object.values(module)[0]
}

describe.each(areas)('the words of %s', (area) => {
  test('have the same keys in Galician and Spanish', async () => {
    expect(shape(await dictionary(area, 'es'))).toEqual(shape(await dictionary(area, 'gl')))
  })

  test('are never empty, and never the same long sentence in both', async () => {
    const flat = (value: unknown): string[] =>
      typeof value === 'string' ? [value] : typeof value === 'object' && value !== null ? Object.values(value).flatMap(flat) : []
    const [gl, es] = [flat(await dictionary(area, 'gl')), flat(await dictionary(area, 'es'))]
    expect([...gl, ...es].filter((sentence) => sentence.trim() === '')).toEqual([])
    expect(gl.filter((sentence, at) => sentence.length > 45 && sentence === es[at])).toEqual([])
  })
})

test('no page of the web says a sentence that is not in the dictionaries', () => {
  const pages = readdirSync('web', { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.tsx'))
  expect(pages.length).toBeGreaterThan(5)
  expect(pages.flatMap((name) => looseSentences(name, readFileSync(`web/${name}`, 'utf8')))).toEqual([])
})

test('a sentence outside the dictionaries would be found', () => {
  expect(looseSentences('x.tsx', 'const a = <p title="Un título">Boas tardes</p>')).toEqual(['x.tsx: Un título', 'x.tsx: Boas tardes'])
})

/** Text and spoken labels written straight into markup; commands and keys are the same in every language. */
function looseSentences(name: string, source: string): string[] {
  const found: string[] = []
  const visit = (node: ts.Node, inCode: boolean): void => {
    const code = inCode || (ts.isJsxElement(node) && /^(?:code|kbd)$/.test(node.openingElement.tagName.getText()))
    if (ts.isJsxText(node) && !code && /\p{L}/u.test(node.text)) found.push(`${name}: ${node.text.trim()}`)
    if (ts.isJsxAttribute(node) && /^(?:aria-label|title|alt|placeholder|label)$/.test(node.name.getText())) {
      const value = node.initializer
      if (value && ts.isStringLiteral(value) && /\p{L}/u.test(value.text)) found.push(`${name}: ${value.text}`)
    }
    ts.forEachChild(node, (child) => visit(child, code))
  }
  visit(ts.createSourceFile(name, source, ts.ScriptTarget.Latest, true, ts.ScriptKind.TSX), false)
  return found
}

describe('an address in a language', () => {
  test('has no prefix in Galician and /es in Spanish', () => {
    expect(href('/c/a/b?t=3', 'gl')).toBe('/c/a/b?t=3')
    expect(href('/c/a/b?t=3', 'es')).toBe('/es/c/a/b?t=3')
    expect(href('/', 'es')).toBe('/es/')
  })

  test('drops a lang that the prefix says already', () => {
    expect(href('/c/a?lang=es&t=1', 'gl')).toBe('/c/a?t=1')
  })
})
