package airlock.token;

import airlock.sandbox.RecordStream;
import airlock.text.SafeText;
import java.io.IOException;
import java.util.concurrent.CountDownLatch;

/// The server that started a token's process, seen from there.
final class Parent {
    private final RecordStream records;
    private final CountDownLatch never = new CountDownLatch(1);

    Parent(RecordStream records) {
        this.records = records;
    }

    /// A line for the run's log.
    void said(String line) throws IOException {
        records.write(new Message.Said(SafeText.line(line, SafeText.SAID)));
    }

    /// An answer contained the token. Does not return: the server ends this process, and until then
    /// nothing more of the answer is passed on.
    void leaked(String why) throws IOException, InterruptedException {
        records.write(new Message.Leaked(SafeText.line(why, SafeText.SAID)));
        never.await();
    }
}
