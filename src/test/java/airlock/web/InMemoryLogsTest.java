package airlock.web;

import airlock.event.RunId;
import airlock.results.LogSource;
import airlock.results.StepKey;

class InMemoryLogsTest extends LogSourceContract {
    private final InMemoryLogs logs = new InMemoryLogs();

    @Override
    protected LogSource logs() {
        return logs;
    }

    @Override
    protected RunId run() {
        return RunId.random();
    }

    @Override
    protected void append(RunId run, StepKey step, int stream, String text) {
        logs.append(run, step, stream, 0, text);
    }

    @Override
    protected void complete(RunId run) {
        logs.complete(run);
    }
}
