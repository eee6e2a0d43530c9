package airlock.source;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.eclipse.jgit.errors.TransportException;
import org.eclipse.jgit.transport.CredentialsProvider;
import org.eclipse.jgit.transport.RemoteSession;
import org.eclipse.jgit.transport.RemoteSession2;
import org.eclipse.jgit.transport.SshSessionFactory;
import org.eclipse.jgit.transport.URIish;
import org.eclipse.jgit.util.FS;
import org.jspecify.annotations.Nullable;

/// SSH sessions that count the output of commands.
final class CountedSsh extends SshSessionFactory {
    private final SshSessionFactory sessions;
    private final ByteBudget budget;

    CountedSsh(SshSessionFactory sessions, ByteBudget budget) {
        this.sessions = sessions;
        this.budget = budget;
    }

    @Override
    public RemoteSession getSession(
            URIish uri, @Nullable CredentialsProvider credentials, FS fs, int milliseconds)
            throws TransportException {
        return new Session(sessions.getSession(uri, credentials, fs, milliseconds), budget);
    }

    @Override
    public String getType() {
        return sessions.getType();
    }

    private record Session(RemoteSession session, ByteBudget budget) implements RemoteSession2 {
        @Override
        public Process exec(String command, int seconds) throws IOException {
            return new Command(session.exec(command, seconds), budget);
        }

        @Override
        public Process exec(String command, Map<String, String> environment, int seconds)
                throws IOException {
            Process process =
                    session instanceof RemoteSession2 modern
                            ? modern.exec(command, environment, seconds)
                            : session.exec(command, seconds);
            return new Command(process, budget);
        }

        @Override
        public void disconnect() {
            session.disconnect();
        }
    }

    private static final class Command extends Process {
        private final Process process;
        private final InputStream output;
        private final InputStream errors;

        Command(Process process, ByteBudget budget) {
            this.process = process;
            this.output = budget.count(process.getInputStream());
            this.errors = budget.count(process.getErrorStream());
        }

        @Override
        public OutputStream getOutputStream() {
            return process.getOutputStream();
        }

        @Override
        public InputStream getInputStream() {
            return output;
        }

        @Override
        public InputStream getErrorStream() {
            return errors;
        }

        @Override
        public int waitFor() throws InterruptedException {
            return process.waitFor();
        }

        @Override
        public boolean waitFor(long timeout, TimeUnit unit) throws InterruptedException {
            return process.waitFor(timeout, unit);
        }

        @Override
        public int exitValue() {
            return process.exitValue();
        }

        @Override
        public void destroy() {
            process.destroy();
        }
    }
}
