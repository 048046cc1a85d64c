/**
 * Gives PostgreSQL's settings as arguments: a laptop's size, TCP on 127.0.0.1 only (a socket's path may be too long, or
 * its directory shared), and commits that survive a crash unless `durable` is false: then it is thrown away soon, and what
 * keeps data and passwords safe for long is left out, such as the thousands of rounds that each connection's password takes.
 */
export function postgresSettings(port: number, durable: boolean): string[] {
  const settings: Record<string, string> = {
    port: String(port),
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: '300',
    shared_buffers: '128MB',
    max_wal_size: '1GB',
    random_page_cost: '1.1',
    log_min_messages: 'warning',
    log_checkpoints: 'off',
    log_line_prefix: '%m [%p] %a ',
    // A failed statement's text and parameters may hold what nobody should find in a log.
    log_min_error_statement: 'panic',
    log_parameter_max_length_on_error: '0',
    ...(durable ? {} : { fsync: 'off', full_page_writes: 'off', wal_level: 'minimal' }),
    ...(durable ? {} : { max_wal_senders: '0', autovacuum_naptime: '10min', scram_iterations: '1' }),
  }
  return Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
}
