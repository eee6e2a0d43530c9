package airlock.queue;

final class SqliteClaimsTest extends ClaimsContract {}
