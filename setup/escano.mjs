#!/usr/bin/env node
import { agentEnvironment, agentOptions } from './agent-options.mjs'
import { ensureDependencies } from './dependencies.mjs'
import { runTypeScript } from './node24.mjs'
import { main } from './root.mjs'

/** The command `escano`, from a clone: packages first, then the same words under Node 24; what records, as a chamber's unit starts it. */
await main(async (args) => {
  await ensureDependencies()
  if (args[0] === 'record') return runTypeScript('escano.ts', args, { ...agentEnvironment, ...process.env }, agentOptions)
  return runTypeScript('escano.ts', args)
})
