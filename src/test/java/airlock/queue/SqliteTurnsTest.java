package airlock.queue;

final class SqliteTurnsTest extends TurnsContract {}
