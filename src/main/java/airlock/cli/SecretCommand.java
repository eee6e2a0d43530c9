package airlock.cli;

import airlock.control.Command;
import airlock.control.Reply;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@picocli.CommandLine.Command(
        name = "secret",
        description =
                "Makes, keeps, lists and forgets the secrets of repositories; it never shows one.",
        subcommands = {
            SecretCommand.New.class,
            SecretCommand.Line.class,
            SecretCommand.Set.class,
            SecretCommand.Certificate.class,
            SecretCommand.ListAll.class,
            SecretCommand.Remove.class,
            SecretCommand.Rotate.class
        })
final class SecretCommand extends Group {
    /// A command about one SSH key.
    abstract static class OfKey extends SocketCommand.OfRepository {
        @Parameters(
                index = "1",
                arity = "0..1",
                paramLabel = "NAME",
                defaultValue = "deploy",
                description = "the key's name; ${DEFAULT-VALUE}")
        private String name;

        /// Prints the line that restricts the key at its target.
        int printLine(String use) {
            return send(new Command.SecretLine(repository(), name, use));
        }

        String name() {
            return name;
        }
    }

    @picocli.CommandLine.Command(
            name = "new",
            description = {
                "Makes an Ed25519 key and prints its public half; the private half never "
                        + "leaves.",
                "With --for, also the line to paste into authorized_keys of the target " + "host."
            })
    static final class New extends OfKey {
        @Option(
                names = "--for",
                paramLabel = "USE",
                defaultValue = "",
                description =
                        "what the target lets it do: rsync:DIRECTORY, sftp, command:COMMAND, git,"
                                + " or ca:USER[,USER]")
        private String use;

        @Override
        public Integer call() {
            int code =
                    send(
                            new Command.NewSecret(repository(), name()),
                            Reply.Key.class,
                            key -> print(key.publicKey()));
            return code != ExitCode.OK || use.isEmpty() ? code : printLine(use);
        }

        private void print(String key) {
            out().println(key);
            if (use.isEmpty()) {
                err().printf(
                                """
                                In authorized_keys of the target host, with the command that it may run there:
                                restrict,command="COMMAND" %s
                                `airlock secret line %s %s --for rsync:/srv/www` prints such a line whole.
                                """,
                                key, repository(), name());
            }
        }
    }

    @picocli.CommandLine.Command(
            name = "line",
            description =
                    "Prints the line for authorized_keys of the target host, which restricts a key"
                            + " there.")
    static final class Line extends OfKey {
        @Option(
                names = "--for",
                paramLabel = "USE",
                required = true,
                description = "rsync:DIRECTORY, sftp, command:COMMAND, git, or ca:USER[,USER]")
        private String use;

        @Override
        public Integer call() {
            return printLine(use);
        }
    }

    /// A command that takes a value; not as an argument, which other users could see.
    abstract static class WithValue extends SocketCommand.OfRepository {
        private static final int LARGEST = 256 * 1024;

        @Parameters(index = "1", paramLabel = "NAME", description = "the secret's name")
        private String name = "";

        @Option(
                names = "--file",
                paramLabel = "FILE",
                description = "where the value is; stdin if left out")
        private @Nullable Path file;

        Integer set(String kind) throws IOException {
            return send(new Command.SetSecret(repository(), kind, name, value()));
        }

        private String value() throws IOException {
            byte[] value;
            if (file == null) {
                if (isTerminal()) {
                    err().println("the value, then Ctrl-D at the beginning of a line:");
                    err().flush();
                }
                value = System.in.readNBytes(LARGEST + 1);
            } else {
                try (InputStream in = Files.newInputStream(file)) {
                    value = in.readNBytes(LARGEST + 1);
                }
            }
            if (value.length == 0 || value.length > LARGEST) {
                throw new CliException(
                        ExitCode.USAGE, "a secret has 1 to %,d bytes".formatted(LARGEST));
            }
            return Base64.getEncoder().encodeToString(value);
        }
    }

    @picocli.CommandLine.Command(
            name = "set",
            description =
                    "Keeps the value of a token, file or variable that the configuration names.")
    static final class Set extends WithValue {
        @Option(
                names = "--kind",
                paramLabel = "KIND",
                defaultValue = "",
                description = "token, file or variable; what the configuration says if left out")
        private String kind;

        @Override
        public Integer call() throws IOException {
            return set(kind);
        }
    }

    @picocli.CommandLine.Command(
            name = "certificate",
            description =
                    "Keeps a user certificate for an SSH key; it lies beside the key on secrets"
                            + " drives.")
    static final class Certificate extends WithValue {
        @Override
        public Integer call() throws IOException {
            return set("certificate");
        }
    }

    @picocli.CommandLine.Command(name = "list", description = "Lists secrets, without values.")
    static final class ListAll extends SocketCommand.OfRepositories {
        @Mixin private JsonOption json;

        @Override
        public Integer call() {
            return list(
                    new Command.ListSecrets(repository()),
                    Reply.Stored.class,
                    json,
                    "secrets",
                    ListAll::line);
        }

        private static String line(Reply.Stored stored) {
            return "%s  %s %s  %s%s%s"
                    .formatted(
                            stored.repository(),
                            stored.kind(),
                            stored.name(),
                            seconds(stored.madeAt()),
                            stored.madeBy().map(who -> " by " + who).orElse(""),
                            stored.publicKey().map(key -> "  " + key).orElse(""));
        }
    }

    @picocli.CommandLine.Command(
            name = "remove",
            description = "Forgets a key, token, file, variable or certificate.")
    static final class Remove extends SocketCommand.OfRepository {
        @Parameters(index = "1", paramLabel = "NAME", description = "the secret's name")
        private String name;

        @Option(
                names = "--kind",
                paramLabel = "KIND",
                defaultValue = "",
                description =
                        "key, token, file, variable or certificate, where several have the name")
        private String kind;

        @Override
        public Integer call() {
            return send(new Command.RemoveSecret(repository(), kind, name));
        }
    }

    @picocli.CommandLine.Command(
            name = "rotate",
            description = "Makes a new master key and seals every secret with it.")
    static final class Rotate extends SocketCommand {
        @Override
        public Integer call() {
            return send(new Command.RotateSecrets());
        }
    }
}
