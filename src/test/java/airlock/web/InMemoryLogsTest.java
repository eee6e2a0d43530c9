package airlock.web;

import airlock.event.RunId;

class InMemoryLogsTest extends LogSourceContract {
    private final InMemoryLogs logs = new InMemoryLogs();

    @Override
    LogSource logs() {
        return logs;
    }

    @Override
    void append(RunId run, StepKey step, int stream, String text) {
        logs.append(run, step, stream, 0, text);
    }

    @Override
    void complete(RunId run) {
        logs.complete(run);
    }
}
