/**
 * Arguments of initdb: UTF-8, an order of text that no library of the system can change, page checksums, passwords on the socket, no TCP.
 * @param major of the PostgreSQL that runs it; the built-in collation came with 17
 */
export function initdbArguments(of: { folder: string; major: number; passwordFile: string }): string[] {
  const locale = of.major >= 17 ? ['--locale-provider=builtin', '--locale=C.UTF-8'] : ['--locale=C']
  return [
    `--pgdata=${of.folder}`,
    '--username=postgres',
    `--pwfile=${of.passwordFile}`,
    '--auth-local=scram-sha-256',
    '--auth-host=reject',
    '--encoding=UTF8',
    '--data-checksums',
    ...locale,
  ]
}

/** Arguments of the server: a unix socket only, every commit on the disk before it is acknowledged, no statement of ours in its log. */
export function serverArguments(of: { folder: string; socketFolder: string }): string[] {
  const settings = {
    listen_addresses: '',
    unix_socket_directories: of.socketFolder,
    unix_socket_permissions: '0700',
    max_connections: '60',
    shared_buffers: '64MB',
    max_wal_size: '256MB',
    fsync: 'on',
    synchronous_commit: 'on',
    full_page_writes: 'on',
    password_encryption: 'scram-sha-256',
    log_min_messages: 'warning',
    // Statements and their values hold personal data.
    log_min_error_statement: 'panic',
    log_parameter_max_length_on_error: '0',
    timezone: 'UTC',
  }
  return ['-D', of.folder, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])]
}
