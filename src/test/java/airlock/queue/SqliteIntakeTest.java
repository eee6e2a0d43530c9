package airlock.queue;

final class SqliteIntakeTest extends IntakeContract {}
