export declare const agentOptions: string[]
export declare const agentEnvironment: { MALLOC_ARENA_MAX: string; MALLOC_TRIM_THRESHOLD_: string }
