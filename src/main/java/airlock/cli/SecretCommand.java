package airlock.cli;

import airlock.control.Command;
import airlock.control.Reply;
import airlock.text.SafeText;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `airlock secret`: what phases may use and nobody may see.
@picocli.CommandLine.Command(
        name = "secret",
        description =
                "Makes, keeps, lists and forgets the secrets of repositories; it never shows one.",
        mixinStandardHelpOptions = true,
        subcommands = {
            SecretCommand.New.class,
            SecretCommand.Line.class,
            SecretCommand.Set.class,
            SecretCommand.Certificate.class,
            SecretCommand.ListAll.class,
            SecretCommand.Remove.class,
            SecretCommand.Rotate.class
        })
final class SecretCommand extends Output {
    @Override
    public Integer call() {
        throw new CliException(
                ExitCode.USAGE,
                "airlock secret: which command? `new`, `line`, `set`, `certificate`, `list`,"
                        + " `remove` or `rotate`");
    }

    /// One about one repository.
    abstract static class OfRepository extends SocketCommand {
        @Parameters(
                index = "0",
                paramLabel = "REPOSITORY",
                description = "OWNER/NAME or FORGE/OWNER/NAME")
        private String repository = "";

        String repository() {
            return repository;
        }
    }

    /// One about one SSH key.
    abstract static class OfKey extends OfRepository {
        @Parameters(
                index = "1",
                arity = "0..1",
                paramLabel = "NAME",
                defaultValue = "deploy",
                description = "the key's name; ${DEFAULT-VALUE}")
        private String name;

        /// Tells the line that restricts the key at its target.
        int tellLine(String use) {
            return send(new Command.SecretLine(repository(), name, use), _ -> {});
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
            },
            mixinStandardHelpOptions = true)
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
                            reply -> {
                                if (reply instanceof Reply.Key key) {
                                    out().println(key.publicKey());
                                    if (use.isEmpty()) {
                                        tellOfLine(key.publicKey());
                                    }
                                }
                            });
            return code != ExitCode.OK || use.isEmpty() ? code : tellLine(use);
        }

        private void tellOfLine(String key) {
            err().println(
                            "In authorized_keys of the target host, with what it may do there as"
                                    + " COMMAND:");
            err().println("restrict,command=\"COMMAND\" " + key);
            err().println(
                            "`airlock secret line %s %s --for rsync:/srv/www` prints such a line whole."
                                    .formatted(repository(), name()));
        }
    }

    @picocli.CommandLine.Command(
            name = "line",
            description =
                    "Prints the line for authorized_keys of the target host, which restricts a key"
                            + " there.",
            mixinStandardHelpOptions = true)
    static final class Line extends OfKey {
        @Option(
                names = "--for",
                paramLabel = "USE",
                required = true,
                description = "rsync:DIRECTORY, sftp, command:COMMAND, git, or ca:USER[,USER]")
        private String use;

        @Override
        public Integer call() {
            return tellLine(use);
        }
    }

    /// One that takes a value, never as an argument: others see those of a process.
    abstract static class WithValue extends OfRepository {
        private static final int LARGEST = 256 * 1024;

        @Parameters(index = "1", paramLabel = "NAME", description = "the secret's name")
        private String name = "";

        @Option(
                names = "--file",
                paramLabel = "FILE",
                description = "where the value is; stdin if left out")
        private @Nullable Path file;

        Integer set(String kind) throws IOException {
            return send(new Command.SetSecret(repository(), kind, name, value()), _ -> {});
        }

        @SuppressWarnings("SystemConsoleNull") // Java 25 gives null again where there is none
        private static boolean isTyped() {
            var console = System.console();
            return console != null && console.isTerminal();
        }

        private String value() throws IOException {
            byte[] value;
            if (file == null) {
                if (isTyped()) {
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
                    "Keeps the value of a token, file or variable that the configuration names.",
            mixinStandardHelpOptions = true)
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
                            + " drives.",
            mixinStandardHelpOptions = true)
    static final class Certificate extends WithValue {
        @Override
        public Integer call() throws IOException {
            return set("certificate");
        }
    }

    @picocli.CommandLine.Command(
            name = "list",
            description = "Lists secrets, without values.",
            mixinStandardHelpOptions = true)
    static final class ListAll extends SocketCommand {
        @Parameters(
                arity = "0..1",
                paramLabel = "REPOSITORY",
                defaultValue = "",
                description = "of this one only")
        private String repository;

        @Mixin private JsonOption json;

        @Override
        public Integer call() {
            return list(
                    new Command.ListSecrets(repository),
                    Reply.Stored.class,
                    json,
                    "secrets",
                    new Form<>(ListAll::line, ListAll::members));
        }

        private static Map<String, @Nullable Object> members(Reply.Stored stored) {
            return JsonOption.members(
                    "repository", stored.repository(),
                    "kind", stored.kind(),
                    "name", stored.name(),
                    "made_by", JsonOption.orNull(stored.madeBy()),
                    "made_at", JsonOption.time(stored.madeMillis()),
                    "public_key", JsonOption.orNull(stored.shown()));
        }

        private static String line(Reply.Stored stored) {
            return SafeText.line(
                    "%s  %s %s  %s%s%s"
                            .formatted(
                                    stored.repository(),
                                    stored.kind(),
                                    stored.name(),
                                    Instant.ofEpochMilli(stored.madeMillis())
                                            .truncatedTo(ChronoUnit.SECONDS),
                                    stored.madeBy().isEmpty() ? "" : " by " + stored.madeBy(),
                                    stored.shown().isEmpty() ? "" : "  " + stored.shown()));
        }
    }

    @picocli.CommandLine.Command(
            name = "remove",
            description = "Forgets a key, token, file, variable or certificate.",
            mixinStandardHelpOptions = true)
    static final class Remove extends OfRepository {
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
            return send(new Command.RemoveSecret(repository(), kind, name), _ -> {});
        }
    }

    @picocli.CommandLine.Command(
            name = "rotate",
            description = "Makes a new master key and seals every secret with it.",
            mixinStandardHelpOptions = true)
    static final class Rotate extends SocketCommand {
        @Override
        public Integer call() {
            return send(new Command.RotateSecrets(), _ -> {});
        }
    }
}
