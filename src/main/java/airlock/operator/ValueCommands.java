package airlock.operator;

import airlock.config.RepositoryConfig;
import airlock.config.SecretName;
import airlock.control.Command;
import airlock.control.Reply;
import airlock.secrets.SecretKind;
import airlock.secrets.SecretStore;
import airlock.secrets.StoredSecret;
import airlock.secrets.StoredSecrets;
import airlock.site.Configured;
import airlock.site.Core;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Keeps the values of tokens, files and variables, and certificates for SSH keys. No answer has
/// one.
final class ValueCommands {
    private static final Logger LOG = LoggerFactory.getLogger(ValueCommands.class);

    private final Configured configured;
    private final SecretStore store;

    ValueCommands(Core core) {
        this.configured = core.configured();
        this.store = core.secrets();
    }

    Reply set(Command.SetSecret command, String who) {
        byte[] value;
        try {
            value = Base64.getDecoder().decode(command.base64());
        } catch (IllegalArgumentException e) {
            return new Reply.Problem("the value did not arrive whole");
        }
        var repository = configured.named(command.repository());
        var id = configured.idNamed(command.repository());
        var kind = kind(command.kind(), repository, command.name());
        if (kind.isEmpty()) {
            return new Reply.Problem(whichKind(repository, command.name()));
        }
        return set(
                repository,
                new StoredSecret(id, kind.get(), command.name(), who, Instant.EPOCH),
                value);
    }

    private Reply set(RepositoryConfig repository, StoredSecret meant, byte[] given) {
        boolean oneLine = meant.kind() == SecretKind.TOKEN || meant.kind() == SecretKind.VARIABLE;
        byte[] value = oneLine ? withoutBreak(given) : given;
        var wrong = wrong(meant, value);
        if (wrong.isPresent()) {
            return new Reply.Problem(wrong.get() + "; nothing was changed");
        }
        boolean replaced =
                store.values()
                        .set(meant.repository(), meant.kind(), meant.name(), value, meant.madeBy());
        LOG.info(
                "{} set the {} '{}' of {}",
                meant.madeBy(),
                meant.kind().key(),
                meant.name(),
                meant.repository());
        var words = new ArrayList<String>();
        words.add(
                "%s the %s '%s' of %s"
                        .formatted(
                                replaced ? "replaced" : "kept",
                                meant.kind().key(),
                                meant.name(),
                                repository.name()));
        if (value.length < given.length) {
            words.add("the line break at its end was left out");
        }
        if (meant.kind() != SecretKind.CERTIFICATE
                && value.length < StoredSecrets.SHORTEST_MASKED) {
            words.add(
                    "warning: shorter than %d characters, so logs will not hide it"
                            .formatted(StoredSecrets.SHORTEST_MASKED));
        }
        return new Reply.Done(String.join("\n", words));
    }

    private static byte[] withoutBreak(byte[] value) {
        int end = value.length;
        if (end > 0 && value[end - 1] == '\n') {
            end--;
        }
        if (end > 0 && end < value.length && value[end - 1] == '\r') {
            end--;
        }
        return Arrays.copyOf(value, end);
    }

    /// Why it can't be kept so.
    private Optional<String> wrong(StoredSecret meant, byte[] value) {
        if (value.length == 0 || value.length > StoredSecrets.LARGEST) {
            return Optional.of(
                    "a secret has 1 to %,d bytes, this one %,d"
                            .formatted(StoredSecrets.LARGEST, value.length));
        }
        return switch (meant.kind()) {
            case TOKEN ->
                    !SecretName.isWord(meant.name())
                            ? Optional.of("not a token's name: a-z, 0-9, _ and -")
                            : isPrintable(value)
                                    ? Optional.empty()
                                    : Optional.of("a token is one line of printable ASCII");
            case FILE ->
                    SecretName.isFile(meant.name())
                            ? Optional.empty()
                            : Optional.of(
                                    "not a file's name that is free: letters, digits, ., _ and -");
            case VARIABLE ->
                    !SecretName.isVariable(meant.name())
                            ? Optional.of("not a variable's name: letters, digits and _")
                            : hasNul(value)
                                    ? Optional.of("a variable can't hold a NUL")
                                    : Optional.empty();
            case CERTIFICATE -> store.wrongCertificate(meant.repository(), meant.name(), value);
        };
    }

    private static boolean isPrintable(byte[] value) {
        for (byte b : value) {
            if (b < 0x20 || b > 0x7e) {
                return false;
            }
        }
        return true;
    }

    private static boolean hasNul(byte[] value) {
        for (byte b : value) {
            if (b == 0) {
                return true;
            }
        }
        return false;
    }

    private static Optional<SecretKind> kind(
            String said, RepositoryConfig repository, String name) {
        if (!said.isEmpty()) {
            return SecretKind.of(said);
        }
        var secrets = repository.secrets();
        if (secrets.tokens().stream().anyMatch(token -> token.name().equals(name))) {
            return Optional.of(SecretKind.TOKEN);
        }
        if (secrets.files().stream().anyMatch(file -> file.name().equals(name))) {
            return Optional.of(SecretKind.FILE);
        }
        return secrets.variables().stream().anyMatch(variable -> variable.name().equals(name))
                ? Optional.of(SecretKind.VARIABLE)
                : Optional.empty();
    }

    private static String whichKind(RepositoryConfig repository, String name) {
        var secrets = repository.secrets();
        String there =
                Stream.of(
                                secrets.tokens().stream().map(token -> token.name()),
                                secrets.files().stream().map(file -> file.name()),
                                secrets.variables().stream().map(variable -> variable.name()))
                        .flatMap(names -> names)
                        .sorted()
                        .collect(Collectors.joining(", "));
        return "the configuration of %s has no token, file or variable '%s' (it has: %s); configure it, or say --kind token, file or variable"
                .formatted(repository.name(), name, there.isEmpty() ? "none" : there);
    }
}
