package airlock.app;

import airlock.config.RepositoryConfig;
import airlock.config.SecretName;
import airlock.control.Command;
import airlock.control.Reply;
import airlock.event.RepositoryId;
import airlock.secrets.NewKey;
import airlock.secrets.Rotation;
import airlock.secrets.SecretKind;
import airlock.secrets.SecretStore;
import airlock.secrets.SshKeys;
import airlock.secrets.StoredSecret;
import airlock.secrets.StoredSecrets;
import airlock.secrets.TargetLine;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Makes, keeps, lists and forgets the secrets of repositories (T9). No answer has a value.
final class SecretCommands {
    private static final Logger LOG = LoggerFactory.getLogger(SecretCommands.class);
    private static final String KEY = "key";

    private final Configured configured;
    private final SecretStore store;
    private final Rotation rotation;

    SecretCommands(Core core) {
        this.configured = core.configured();
        this.store = core.secrets();
        this.rotation = core.rotation();
    }

    Reply make(Command.NewSecret command, String who, Consumer<Reply> replies) {
        if (!SshKeys.validName(command.name())) {
            return new Reply.Problem("not a key's name: '" + command.name() + "' (a-z, 0-9 and -)");
        }
        return of(
                command.repository(),
                (repository, id) ->
                        switch (store.keys().make(id, command.name(), who)) {
                            case NewKey.Made(var key) -> {
                                LOG.info("{} made the SSH key '{}' of {}", who, key.name(), id);
                                replies.accept(
                                        new Reply.Key(
                                                repository.name(), key.name(), key.publicLine()));
                                yield new Reply.Done("");
                            }
                            case NewKey.Exists _ ->
                                    new Reply.Problem(
                                            "%s has a key '%s' already"
                                                    .formatted(repository.name(), command.name()));
                        });
    }

    Reply line(Command.SecretLine command) {
        var line = TargetLine.of(command.usedFor());
        if (line.isEmpty()) {
            return new Reply.Problem("--for takes " + TargetLine.FORMS);
        }
        return of(
                command.repository(),
                (repository, id) -> {
                    var key = store.keys().find(id, command.name());
                    if (key.isEmpty()) {
                        return noKey(repository, command.name());
                    }
                    store.keys().use(id, command.name(), command.usedFor());
                    return new Reply.Done(line.get().with(key.get().publicLine()));
                });
    }

    private static Reply noKey(RepositoryConfig repository, String name) {
        return new Reply.Problem(
                "%s has no key '%s'; `airlock secret new` makes one"
                        .formatted(repository.name(), name));
    }

    Reply set(Command.SetSecret command, String who) {
        byte[] value;
        try {
            value = Base64.getDecoder().decode(command.base64());
        } catch (IllegalArgumentException e) {
            return new Reply.Problem("the value did not arrive whole");
        }
        return of(
                command.repository(),
                (repository, id) -> {
                    var kind = kind(command.kind(), repository, command.name());
                    if (kind.isEmpty()) {
                        return new Reply.Problem(whichKind(repository, command.name()));
                    }
                    return set(
                            repository,
                            new StoredSecret(id, kind.get(), command.name(), who, Instant.EPOCH),
                            value);
                });
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

    Reply remove(Command.RemoveSecret command, String who) {
        return of(
                command.repository(),
                (repository, id) -> {
                    var kinds =
                            kindsOf(id, command.name()).stream()
                                    .filter(
                                            kind ->
                                                    command.kind().isEmpty()
                                                            || kind.equals(command.kind()))
                                    .toList();
                    if (kinds.isEmpty()) {
                        return new Reply.Problem(
                                "%s has no secret '%s'; `airlock secret list` lists them"
                                        .formatted(repository.name(), command.name()));
                    }
                    if (kinds.size() > 1) {
                        return new Reply.Problem(
                                "'%s' is a %s; say --kind"
                                        .formatted(command.name(), String.join(" and a ", kinds)));
                    }
                    String kind = kinds.getFirst();
                    boolean _ =
                            kind.equals(KEY)
                                    ? store.keys().remove(id, command.name())
                                    : store.values()
                                            .remove(
                                                    id,
                                                    SecretKind.of(kind).orElseThrow(),
                                                    command.name());
                    LOG.info("{} removed the {} '{}' of {}", who, kind, command.name(), id);
                    return new Reply.Done(
                            "removed the %s '%s' of %s"
                                    .formatted(kind, command.name(), repository.name()));
                });
    }

    private List<String> kindsOf(RepositoryId id, String name) {
        var kinds = new ArrayList<String>();
        store.keys().find(id, name).ifPresent(_ -> kinds.add(KEY));
        store.values().list().stream()
                .filter(secret -> secret.repository().equals(id) && secret.name().equals(name))
                .map(secret -> secret.kind().key())
                .forEach(kinds::add);
        return kinds;
    }

    Reply list(String only, Consumer<Reply> replies) {
        for (var key : store.keys().list()) {
            tell(
                    only,
                    key.repository(),
                    new Reply.Stored(
                            name(key.repository()),
                            KEY,
                            key.name(),
                            key.madeBy(),
                            key.made().toEpochMilli(),
                            key.publicLine()),
                    replies);
        }
        for (var secret : store.values().list()) {
            tell(
                    only,
                    secret.repository(),
                    new Reply.Stored(
                            name(secret.repository()),
                            secret.kind().key(),
                            secret.name(),
                            secret.madeBy(),
                            secret.made().toEpochMilli(),
                            ""),
                    replies);
        }
        return new Reply.Done("");
    }

    private void tell(String only, RepositoryId id, Reply.Stored stored, Consumer<Reply> replies) {
        String hook = configured.configOf(id).map(Configured::hook).orElse("");
        if (only.isEmpty() || only.equals(stored.repository()) || only.equals(hook)) {
            replies.accept(stored);
        }
    }

    private String name(RepositoryId id) {
        return configured.configOf(id).map(RepositoryConfig::name).orElse(id.toString());
    }

    Reply rotate(String who) throws InterruptedException {
        return switch (rotation.rotate()) {
            case Rotation.Outcome.Done(int secrets, String left) -> {
                LOG.info("{} had {} secrets sealed with a new master key", who, secrets);
                yield new Reply.Done(
                        "%d secrets are sealed with the new master key%s"
                                .formatted(secrets, left.isEmpty() ? "" : "; " + left));
            }
            case Rotation.Outcome.Refused(String why) -> new Reply.Problem(why);
        };
    }

    private Reply of(String name, BiFunction<RepositoryConfig, RepositoryId, Reply> then) {
        return switch (Meant.by(name, configured)) {
            case Meant.One(var repository) ->
                    configured
                            .idOf(repository)
                            .map(id -> then.apply(repository, id))
                            .orElseGet(() -> new Reply.Problem(Meant.withoutId(name)));
            case Meant.Nothing(var why) ->
                    new Reply.Problem(
                            why
                                    + "; there are "
                                    + configured.repositories().stream()
                                            .map(RepositoryConfig::name)
                                            .sorted()
                                            .collect(Collectors.joining(", ")));
        };
    }
}
