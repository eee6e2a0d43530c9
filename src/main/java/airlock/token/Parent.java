package airlock.token;

import airlock.text.SafeText;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.concurrent.CountDownLatch;

/// The server that started a token's process, seen from there.
final class Parent {
    private final DataOutputStream out;
    private final CountDownLatch never = new CountDownLatch(1);

    Parent(DataOutputStream out) {
        this.out = out;
    }

    void ready() throws IOException {
        tell(new Message.Ready());
    }

    /// A line for the run's log.
    void said(String line) throws IOException {
        tell(new Message.Said(SafeText.line(line, SafeText.SAID)));
    }

    /// An answer has the token in it. Does not return: the server ends this process, and until then
    /// nothing more of the answer goes on.
    void leaked(String why) throws IOException, InterruptedException {
        tell(new Message.Leaked(SafeText.line(why, SafeText.SAID)));
        never.await();
    }

    private synchronized void tell(Message message) throws IOException {
        Message.write(out, message);
    }
}
