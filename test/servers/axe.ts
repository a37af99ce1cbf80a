import axeCore from 'axe-core'
import type { Page } from 'playwright-core'

interface AxeRule {
  id: string
  help: string
  nodes: { html: string; failureSummary?: string }[]
}

/**
 * What axe-core finds wrong in a page: WCAG 2.0 to 2.2 at A and AA, EN 301 549 and its best practices.
 * The page's context needs `bypassCSP: true`, since axe is put in from outside.
 */
export async function axeViolations(page: Page): Promise<string[]> {
  if (!(await page.evaluate(() => 'axe' in globalThis))) {
    // Off-screen text under content-visibility is told as "incomplete"; measured with it drawn.
    await page.addStyleTag({ content: '*{content-visibility:visible !important;transition:none !important;animation:none !important}' })
    await page.addScriptTag({ content: axeCore.source })
  }
  const violations = await page.evaluate(async () => {
    const { axe } = globalThis as unknown as { axe: { run(options: object): Promise<{ violations: AxeRule[] }> } }
    const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'EN-301-549', 'best-practice']
    return (await axe.run({ runOnly: tags })).violations
  })
  return violations.map((rule) => `${rule.id}: ${rule.help} — ${rule.nodes.map((node) => node.html.slice(0, 160)).join(' | ')}`)
}
