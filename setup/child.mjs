import { spawn } from 'node:child_process'
import { constants } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { root, SetupError } from './root.mjs'

/**
 * Ctrl-C comes twice: once from the terminal to the whole process group, once more from npm to its child. A second one
 * within this time is the same key press.
 */
const samePressMs = 500

/**
 * Runs a program with this one's terminal and hands its end on. The child stands in a group of its own, so that each signal
 * reaches it once, by our hand only; it is told to end when we die (leash.mjs).
 * @returns exit code; 128 + number of the signal that ended it
 */
export function runChild(file, args, { env = process.env, leash = false, cwd = process.cwd() } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, { cwd, env, detached: true, stdio: leash ? ['inherit', 'inherit', 'inherit', 'ipc'] : 'inherit' })
    const passed = new Map()
    const pass = (signal) => {
      const now = Date.now()
      if (now - (passed.get(signal) ?? 0) < samePressMs) return
      passed.set(signal, now)
      child.kill(signal)
    }
    const signals = ['SIGINT', 'SIGTERM', 'SIGHUP']
    const stopPassing = () => {
      for (const signal of signals) process.removeListener(signal, pass)
    }
    for (const signal of signals) process.on(signal, pass)
    child.once('error', (cause) => {
      stopPassing()
      reject(new SetupError(`${file} could not be started: ${cause.message}`))
    })
    child.once('exit', (code, signal) => {
      stopPassing()
      resolve(code ?? 128 + (constants.signals[signal] ?? 0))
    })
  })
}

/** Arguments for node that make TypeScript run from the clone and the child end with its parent. */
export function typescriptArguments() {
  return [
    '--import',
    pathToFileURL(join(root, 'setup', 'leash.mjs')).href,
    '--import',
    pathToFileURL(join(root, 'node_modules', 'tsx', 'dist', 'loader.mjs')).href,
  ]
}
