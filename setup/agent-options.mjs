/**
 * How Node runs the agent of a chamber: little room for what is thrown away at once, without V8's first two compilers, one thread beside the
 * main one. deploy/escano-recorder.service says the same (test/deploy/recorder-unit.test.ts holds them together).
 */
export const agentOptions = ['--optimize-for-size', '--no-sparkplug', '--no-maglev', '--v8-pool-size=1', '--max-semi-space-size=1']

/**
 * glibc's allocator gives back what the agent and its ffmpegs no longer need (mallopt(3)): one arena for all threads, and a threshold that
 * stands still, where by itself it grows to 64 MB. Another libc does not read them.
 */
export const agentEnvironment = { MALLOC_ARENA_MAX: '1', MALLOC_TRIM_THRESHOLD_: '131072' }
