package airlock.control;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import jdk.net.ExtendedSocketOptions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The server's end of the control socket. The socket has mode 0600, and the server also asks the
/// kernel for the client's user (T9), in case the directory's permissions are wrong.
public final class ControlServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ControlServer.class);

    private final ServerSocketChannel server;
    private final Path socket;
    private final String owner;
    private final CommandHandler handler;

    private ControlServer(
            ServerSocketChannel server, Path socket, String owner, CommandHandler handler) {
        this.server = server;
        this.socket = socket;
        this.owner = owner;
        this.handler = handler;
    }

    /// Listens at `socket`, and replaces one that a dead server left.
    public static ControlServer open(Path socket, CommandHandler handler) {
        try {
            Files.deleteIfExists(socket);
            var server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
            server.bind(UnixDomainSocketAddress.of(socket));
            Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString("rw-------"));
            var opened =
                    new ControlServer(server, socket, Files.getOwner(socket).getName(), handler);
            Thread.ofVirtual().name("control").start(opened::accept);
            return opened;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot listen at the control socket " + socket, e);
        }
    }

    private void accept() {
        while (true) {
            try {
                var channel = server.accept();
                Thread.ofVirtual().name("control-client").start(() -> serve(channel));
            } catch (ClosedChannelException e) {
                return;
            } catch (IOException e) {
                LOG.warn("the control socket {} takes no more commands", socket, e);
                return;
            }
        }
    }

    private void serve(SocketChannel channel) {
        try (var lines = new ControlLines(channel)) {
            String peer = channel.getOption(ExtendedSocketOptions.SO_PEERCRED).user().getName();
            if (!peer.equals(owner) && !peer.equals("root")) {
                LOG.warn("refused {} at the control socket of {}", peer, owner);
                lines.write(
                        new Reply.Problem("this socket belongs to " + owner + ", you are " + peer));
                return;
            }
            answer(peer, lines);
        } catch (IOException | UncheckedIOException e) {
            LOG.debug("a control client went away", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void answer(String peer, ControlLines lines) throws InterruptedException {
        try {
            var command = lines.next(Command.class);
            if (command.isEmpty()) {
                return;
            }
            if (command.get() instanceof Command.Shell shell) {
                shell(shell, peer, lines);
            } else {
                handler.handle(command.get(), peer, reply -> lines.write((Record) reply));
            }
        } catch (UncheckedIOException e) {
            throw e;
        } catch (ControlException e) {
            lines.write(new Reply.Problem(String.valueOf(e.getMessage())));
        } catch (RuntimeException e) {
            LOG.warn("a control command of {} failed", peer, e);
            lines.write(new Reply.Problem(String.valueOf(e.getMessage())));
        }
    }

    private void shell(Command.Shell wanted, String peer, ControlLines lines)
            throws InterruptedException {
        switch (handler.enter(wanted, peer, note -> lines.write(new Reply.Done(note)))) {
            case CommandHandler.Entrance.Shut(String why) -> lines.write(new Reply.Problem(why));
            case CommandHandler.Entrance.Open(var entered, var console) -> {
                try (console) {
                    lines.write(entered);
                    new ShellSession(lines, console).run();
                }
            }
        }
    }

    @Override
    public void close() {
        try {
            server.close();
            Files.deleteIfExists(socket);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot close the control socket " + socket, e);
        }
    }

    /// The server's side of a shell: passes keys from the socket to the console, and output back.
    /// The shell ends when the client disconnects.
    record ShellSession(ControlLines lines, Console console) {
        /// How often we write to an idle client, to notice that it has disconnected.
        private static final Duration QUIET = Duration.ofSeconds(5);

        /// Serves until the shell ends or the client disconnects, then hangs up.
        void run() throws InterruptedException {
            var over = new CountDownLatch(1);
            var typing = Thread.ofVirtual().name("shell-keys").start(this::type);
            var asking = Thread.ofVirtual().name("shell-quiet").start(() -> ask(over));
            try {
                say();
            } finally {
                over.countDown();
                console.close();
                lines.close();
                typing.join();
                asking.join();
            }
        }

        /// While the shell reads no keys, only a write shows that the client has disconnected.
        private void ask(CountDownLatch over) {
            try {
                while (!over.await(QUIET.toMillis(), TimeUnit.MILLISECONDS)) {
                    send(new Console.Heard.Output(new byte[0]));
                }
            } catch (UncheckedIOException _) {
                console.close();
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
        }

        private void type() {
            try {
                for (var next = lines.next(Console.Input.class);
                        next.isPresent();
                        next = lines.next(Console.Input.class)) {
                    console.send(next.get());
                }
            } catch (ControlException | UncheckedIOException _) {
                // a client that has gone or breaks the rules loses its shell
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            } finally {
                console.close();
            }
        }

        private void say() throws InterruptedException {
            try {
                Console.Heard heard;
                do {
                    heard = console.hear();
                    send(heard);
                } while (heard instanceof Console.Heard.Output);
            } catch (UncheckedIOException _) {
                // the client has gone
            }
        }

        private synchronized void send(Console.Heard heard) {
            lines.write((Record) heard);
        }
    }
}
