package airlock.token;

import java.io.DataOutputStream;
import java.io.IOException;
import java.util.concurrent.CountDownLatch;

/// The server that started a token's process, seen from there.
final class Parent {
    private static final int LONGEST = 300;

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
        tell(new Message.Said(bounded(line)));
    }

    /// An answer has the token in it. Does not return: the server ends this process, and until then
    /// nothing more of the answer goes on.
    void leaked(String why) throws IOException, InterruptedException {
        tell(new Message.Leaked(bounded(why)));
        never.await();
    }

    private synchronized void tell(Message message) throws IOException {
        Message.write(out, message);
    }

    private static String bounded(String text) {
        String printable = text.replaceAll("[^ -~]", "?");
        return printable.length() <= LONGEST ? printable : printable.substring(0, LONGEST) + "...";
    }
}
