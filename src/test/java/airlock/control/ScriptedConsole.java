package airlock.control;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;

/// A shell without a machine: it writes down what it hears and says what a test has it say.
public final class ScriptedConsole implements Console {
    public final List<String> heard = new CopyOnWriteArrayList<>();
    public final BlockingQueue<Heard> says = new LinkedBlockingQueue<>();
    public final CountDownLatch closed = new CountDownLatch(1);

    /// Until this is over, keys are not taken.
    final CountDownLatch reads;

    public ScriptedConsole() {
        this(new CountDownLatch(0));
    }

    ScriptedConsole(CountDownLatch reads) {
        this.reads = reads;
    }

    @Override
    public void send(Input input) throws InterruptedException {
        reads.await();
        heard.add(
                switch (input) {
                    case Input.Keys(byte[] bytes) ->
                            "keys " + new String(bytes, StandardCharsets.UTF_8);
                    case Input.Size(int columns, int rows) -> "size " + columns + "x" + rows;
                    case Input.End() -> "no more keys";
                });
    }

    @Override
    public Heard hear() throws InterruptedException {
        return says.take();
    }

    @Override
    public void close() {
        closed.countDown();
        reads.countDown();
        says.add(new Heard.Lost("closed"));
    }
}
