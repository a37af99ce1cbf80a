#!/usr/bin/env node
import { ensureDependencies } from './dependencies.mjs'
import { runTypeScript } from './node24.mjs'
import { main } from './root.mjs'

/** The command `escano`, from a clone: packages first, then the same words under Node 24. */
await main(async (args) => {
  await ensureDependencies()
  return runTypeScript('escano.ts', args)
})
