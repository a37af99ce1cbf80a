import { constants, setPriority } from 'node:os'

/** A set-up file: what this worker and its children do yields to every test that measures seconds. */
setPriority(constants.priority.PRIORITY_BELOW_NORMAL)
