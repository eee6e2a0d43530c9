package airlock.source;

import airlock.sandbox.Landlock;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// The child that fetches and packs: takes one [Order] on its standard input, tells its stages
/// and gives its [Answer] on its standard output, ends. The input's end is the server's end: the
/// child ends at once, whatever it is doing.
///
/// Frames ([Frames]) to the parent begin with a byte: ready, a stage, or the answer.
public final class FetchProcess {
    static final char READY = 'R';
    static final char STAGE = 'S';
    static final char ANSWER = 'A';
    static final String TRIAL = "trial";

    private FetchProcess() {}

    /// Runs one order.
    ///
    /// @param arguments the path of an empty directory, in place of a home; and [#TRIAL] where it
    ///     is only to be seen whether it can start
    public static void main(String[] arguments) throws IOException {
        InputStream in = System.in;
        OutputStream out = System.out;
        System.setOut(System.err); // nothing else may write into the protocol
        Path home = Path.of(arguments[0]);
        Isolation.install(home);
        Landlock.restrict(List.of(home));
        if (arguments.length > 1 && arguments[1].equals(TRIAL)) {
            Files.createFile(home.resolve(TRIAL));
            return;
        }
        WarmUp.run(home);
        Frames.write(out, new byte[] {READY});
        Order order;
        try {
            order = OrderCodec.read(Frames.read(in));
        } catch (EOFException e) {
            return; // a spare that nobody needed
        }
        Thread.ofPlatform().daemon().name("parent").start(() -> endWithInput(in));
        Answer answer = new FetchJob(home, stage -> tell(out, stage)).run(order);
        Frames.write(out, Frames.bytes(FetchProcess::writeAnswer, answer));
        Runtime.getRuntime().halt(0);
    }

    static void tell(OutputStream out, Stage stage) {
        try {
            Frames.write(out, Frames.bytes(FetchProcess::writeStage, stage));
        } catch (IOException e) {
            throw new UncheckedIOException("the parent does not listen", e);
        }
    }

    private static void writeStage(DataOutputStream out, Stage stage) throws IOException {
        out.writeByte(STAGE);
        Frames.text(out, stage.name());
    }

    static void writeAnswer(DataOutputStream out, Answer answer) throws IOException {
        out.writeByte(ANSWER);
        AnswerCodec.write(out, answer);
    }

    private static void endWithInput(InputStream in) {
        try {
            while (in.read() >= 0) {
                // nothing more is to come; whatever comes is ignored
            }
        } catch (IOException e) {
            // as good as the end
        }
        Runtime.getRuntime().halt(1);
    }
}
