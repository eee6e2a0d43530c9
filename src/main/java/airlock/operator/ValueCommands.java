package airlock.operator;

import airlock.config.RepositoryConfig;
import airlock.config.SecretName;
import airlock.control.Command;
import airlock.control.Reply;
import airlock.event.RepositoryId;
import airlock.secrets.StoredSecrets;
import airlock.secrets.StoredSecrets.SecretKind;
import airlock.site.Core;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Stores the values of tokens, files and variables, and certificates for SSH keys. Answers never
/// contain one.
record ValueCommands(Core core) {
    private static final Logger LOG = LoggerFactory.getLogger(ValueCommands.class);

    Reply set(Command.SetSecret command, String who) {
        byte[] value;
        try {
            value = Base64.getDecoder().decode(command.base64());
        } catch (IllegalArgumentException e) {
            return new Reply.Problem("the value did not arrive whole");
        }
        var repository = core.configured().named(command.repository());
        var id = core.configured().idNamed(command.repository());
        var kind = kind(command.kind(), repository, command.name());
        return kind.isEmpty()
                ? new Reply.Problem(whichKind(repository, command.name()))
                : set(id, kind.get(), command.name(), value, who);
    }

    private Reply set(
            RepositoryId repository, SecretKind kind, String name, byte[] given, String who) {
        boolean oneLine = kind == SecretKind.TOKEN || kind == SecretKind.VARIABLE;
        byte[] value = oneLine ? withoutBreak(given) : given;
        var wrong = wrong(repository, kind, name, value);
        if (wrong.isPresent()) {
            return new Reply.Problem(wrong.get() + "; nothing was changed");
        }
        boolean replaced = core.keys().secrets().values().set(repository, kind, name, value, who);
        LOG.info("{} set the {} '{}' of {}", who, kind.key(), name, repository);
        var words = new ArrayList<String>();
        words.add(
                "%s the %s '%s' of %s"
                        .formatted(
                                replaced ? "replaced" : "kept",
                                kind.key(),
                                name,
                                core.configured().nameOf(repository)));
        if (value.length < given.length) {
            words.add("the line break at its end was left out");
        }
        if (kind != SecretKind.CERTIFICATE && value.length < StoredSecrets.SHORTEST_MASKED) {
            words.add(
                    "warning: shorter than %d characters, so logs will not hide it"
                            .formatted(StoredSecrets.SHORTEST_MASKED));
        }
        return new Reply.Done(String.join("\n", words));
    }

    private static byte[] withoutBreak(byte[] value) {
        int end = value.length;
        if (end > 0 && value[end - 1] == '\n') {
            end -= end > 1 && value[end - 2] == '\r' ? 2 : 1;
        }
        return Arrays.copyOf(value, end);
    }

    /// Why the value can't be stored, if it can't.
    private Optional<String> wrong(
            RepositoryId repository, SecretKind kind, String name, byte[] value) {
        if (value.length == 0 || value.length > StoredSecrets.LARGEST) {
            return Optional.of(
                    "a secret has 1 to %,d bytes, this one %,d"
                            .formatted(StoredSecrets.LARGEST, value.length));
        }
        var bytes = new String(value, StandardCharsets.ISO_8859_1);
        return switch (kind) {
            case TOKEN ->
                    !SecretName.isWord(name)
                            ? Optional.of("not a token's name: a-z, 0-9, _ and -")
                            : bytes.chars().allMatch(c -> c >= ' ' && c <= '~')
                                    ? Optional.empty()
                                    : Optional.of("a token is one line of printable ASCII");
            case FILE ->
                    SecretName.isFile(name)
                            ? Optional.empty()
                            : Optional.of(
                                    "not a file's name that is free: letters, digits, ., _ and -");
            case VARIABLE ->
                    !SecretName.isVariable(name)
                            ? Optional.of("not a variable's name: letters, digits and _")
                            : bytes.indexOf('\0') >= 0
                                    ? Optional.of("a variable can't hold a NUL")
                                    : Optional.empty();
            case CERTIFICATE -> core.keys().secrets().wrongCertificate(repository, name, value);
        };
    }

    /// The names of the values that a repository's configuration uses.
    static Map<SecretKind, List<String>> names(RepositoryConfig repository) {
        var secrets = repository.secrets();
        return new EnumMap<>(
                Map.of(
                        SecretKind.TOKEN,
                        secrets.tokens().stream().map(token -> token.name()).toList(),
                        SecretKind.FILE,
                        secrets.files().stream().map(file -> file.name()).toList(),
                        SecretKind.VARIABLE,
                        secrets.variables().stream().map(variable -> variable.name()).toList()));
    }

    private static Optional<SecretKind> kind(
            String said, RepositoryConfig repository, String name) {
        return said.isEmpty()
                ? names(repository).entrySet().stream()
                        .filter(named -> named.getValue().contains(name))
                        .map(Map.Entry::getKey)
                        .findFirst()
                : SecretKind.of(said);
    }

    private static String whichKind(RepositoryConfig repository, String name) {
        String there =
                names(repository).values().stream()
                        .flatMap(List::stream)
                        .sorted()
                        .collect(Collectors.joining(", "));
        return "the configuration of %s has no token, file or variable '%s' (it has: %s); configure it, or say --kind token, file or variable"
                .formatted(repository.name(), name, there.isEmpty() ? "none" : there);
    }
}
