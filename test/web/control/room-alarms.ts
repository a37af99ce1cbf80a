import type { Page } from 'playwright-core'
import type { ScriptedRecorder } from './scripted-recorder.ts'

/** What the recorder may find wrong in the middle of a turn: a cable, a mute desk, a full disk, and more at once than are shown. */
const alarmsShown = [
  ['alarm-unplugged', ['source-lost']],
  ['alarm-mute', ['no-sound']],
  ['alarm-disk', ['disk-sound-only']],
  ['alarm-hour', ['clock-unsure']],
  ['alarm-several', ['disk-full', 'not-written', 'no-sound', 'clock-stepped']],
] as const

/** Raises one after another, and takes all away. */
export async function* alarmStates(page: Page, recorder: ScriptedRecorder): AsyncGenerator<string> {
  for (const [name, codes] of alarmsShown) {
    recorder.prove({ alarms: codes.map((code) => ({ code, sinceWallMs: Date.now() - 4000 })) })
    await page.locator(`[data-alarm="${codes[0]}"]`).waitFor()
    yield name
  }
  recorder.prove({ alarms: [] })
  await page.locator('[data-alarm]').first().waitFor({ state: 'detached' })
}
