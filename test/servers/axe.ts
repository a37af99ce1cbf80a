import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Page } from 'playwright-core'

const source = readFileSync(fileURLToPath(import.meta.resolve('axe-core/axe.min.js')), 'utf8')

/** WCAG 2.0 to 2.2 at A and AA, EN 301 549 and axe's best practices. */
const everything = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'EN-301-549', 'best-practice']

/** The rules that read colours: what may change when the same page turns from light to dark. */
const colours = { type: 'rule', values: ['color-contrast', 'link-in-text-block'] }

interface AxeRule {
  id: string
  help: string
  nodes: { html: string; failureSummary?: string }[]
}

/**
 * What axe-core finds wrong in a page. The page's context needs `bypassCSP: true`, since axe is put in from outside.
 * @param about `colours`: only what may have changed since the same page was looked at whole, in other colours
 */
export async function axeViolations(page: Page, about: 'everything' | 'colours' = 'everything'): Promise<string[]> {
  if (!(await page.evaluate(() => 'axe' in globalThis))) {
    // Off-screen text under content-visibility is told as "incomplete"; measured with it drawn.
    await page.addStyleTag({ content: '*{content-visibility:visible !important;transition:none !important;animation:none !important}' })
    await page.addScriptTag({ content: source })
  }
  const options = { runOnly: about === 'colours' ? colours : everything, resultTypes: ['violations'] }
  const violations = await page.evaluate(async (wanted) => {
    const { axe } = globalThis as unknown as { axe: { run(options: object): Promise<{ violations: AxeRule[] }> } }
    return (await axe.run(wanted)).violations
  }, options)
  return violations.map((rule) => `${rule.id}: ${rule.help} — ${rule.nodes.map((node) => node.html.slice(0, 160)).join(' | ')}`)
}
