import { ensureDependencies } from './dependencies.mjs'
import { runTypeScript } from './node24.mjs'
import { main } from './root.mjs'

/** `npm start`: sets up what is missing, then starts everything on this machine. */
await main(async (args) => {
  await ensureDependencies()
  return runTypeScript('escano.ts', ['start', ...args])
})
