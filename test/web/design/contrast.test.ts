import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'

const css = readFileSync('web/design/tokens.css', 'utf8')
const [lightBlock = '', darkBlock = ''] = css.split('@media (prefers-color-scheme: dark)')

function tokens(block: string): Record<string, string> {
  return Object.fromEntries([...block.matchAll(/--([a-z0-9-]+): (#[0-9a-f]{6});/g)].map(([, name, value]) => [name ?? '', value ?? '']))
}

const themes = { light: tokens(lightBlock), dark: { ...tokens(lightBlock), ...tokens(darkBlock) } }

/** Relative luminance (WCAG 2.2). */
function luminance(hex: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5]
    .map((at) => Number.parseInt(hex.slice(at, at + 2), 16) / 255)
    .map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4))
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}

function contrast(a: string, b: string): number {
  const [dark = 0, light = 0] = [luminance(a), luminance(b)].sort((x, y) => x - y)
  return (light + 0.05) / (dark + 0.05)
}

/** Every pair text is drawn with, in any room. */
const text: [ink: string, ground: string][] = [
  ...['paper', 'sheet', 'wash', 'council-wash', 'good-wash', 'warn-wash', 'record-wash', 'closed-wash', 'pause-wash'].map(
    (ground): [string, string] => ['ink', ground],
  ),
  ...['paper', 'sheet', 'wash', 'council-wash'].map((ground): [string, string] => ['ink-2', ground]),
  ...['paper', 'sheet', 'wash'].map((ground): [string, string] => ['ink-3', ground]),
  ...['paper', 'sheet', 'wash', 'council-wash'].map((ground): [string, string] => ['council', ground]),
  ['council-ink', 'council'],
  ['on-record', 'record'],
  ['on-pause', 'pause'],
  ['on-closed', 'closed'],
  ['on-good', 'good'],
  ...['record', 'pause', 'closed', 'good', 'warn'].flatMap((state): [string, string][] => [
    [state, `${state}-wash`],
    [state, 'paper'],
    [state, 'sheet'],
  ]),
  ...['favour', 'against', 'abstain'].flatMap((sense): [string, string][] => [
    [sense, 'sheet'],
    [sense, 'paper'],
    ['on-vote', sense],
  ]),
]

/** Edges and marks that tell a control or a part of a picture apart. */
const marks: [string, string][] = [
  ...['paper', 'sheet', 'wash'].map((ground): [string, string] => ['field', ground]),
  ...['paper', 'sheet', 'wash'].map((ground): [string, string] => ['council', ground]),
  ...['favour', 'against', 'abstain'].map((sense): [string, string] => [sense, 'sheet']),
]

describe.each(Object.entries(themes))('in the %s theme', (_name, theme) => {
  test.each(text)('%s on %s can be read: 4.5 to 1 or more', (ink, ground) => {
    expect(contrast(theme[ink] ?? '', theme[ground] ?? '')).toBeGreaterThanOrEqual(4.5)
  })
  test.each(marks)('%s can be told from %s: 3 to 1 or more', (mark, ground) => {
    expect(contrast(theme[mark] ?? '', theme[ground] ?? '')).toBeGreaterThanOrEqual(3)
  })
})

test('the measure itself gives 21 for black on white', () => {
  expect(contrast('#000000', '#ffffff')).toBeCloseTo(21, 5)
})

test('every colour of the light theme that is drawn with has its dark one', () => {
  const used = new Set([...text, ...marks].flat())
  expect([...used].filter((name) => tokens(darkBlock)[name] === undefined)).toEqual([])
})
