import { access, constants, mkdir } from 'node:fs/promises'
import { FolderInUseError, FolderLock } from '../../programs/folder-lock.ts'

/** Another Escano has this data folder open. */
export class DataInUseError extends Error {
  override readonly name = 'DataInUseError'
}

/** The data folder cannot be used by the user that runs Escano. */
export class DataFolderRightsError extends Error {
  override readonly name = 'DataFolderRightsError'
}

/**
 * Makes the data folder if it is missing and holds it for this process.
 * @throws DataFolderRightsError we may not write there
 * @throws DataInUseError
 */
export async function takeDataFolder(data: string): Promise<FolderLock> {
  try {
    await mkdir(data, { recursive: true, mode: 0o700 })
    await access(data, constants.R_OK | constants.W_OK | constants.X_OK)
  } catch (cause) {
    throw new DataFolderRightsError(`${data} cannot be written by this user; give it to this user, or set ESCANO_DATA to another folder`, {
      cause,
    })
  }
  try {
    return await FolderLock.take(data, 'Escano')
  } catch (cause) {
    if (!(cause instanceof FolderInUseError)) throw cause
    throw new DataInUseError(
      `another Escano already runs on ${data}, pid ${cause.pid}; nothing was changed. Stop that one first, or set ESCANO_DATA to another folder`,
      { cause },
    )
  }
}
