package airlock.config;

import airlock.event.Phase;
import airlock.yaml.Compounds;
import airlock.yaml.Key;
import airlock.yaml.Scalars;
import airlock.yaml.Section;
import airlock.yaml.Type;
import java.util.List;
import java.util.Set;

/// An SSH key that the host signs with.
final class AgentKeySection {
    private static final int MOST = 100;
    private static final long SIGNATURES = 100;

    private static final Key<String> KEY =
            Key.or(
                            "key",
                            SecretsSection.name(SecretName::isWord, SecretName.WORD_IS),
                            "deploy",
                            "deploy",
                            "The key's name (`airlock secret new REPOSITORY NAME`).")
                    .example("deploy");
    private static final Key<List<String>> USERS =
            Key.required(
                            "users",
                            Compounds.list(user(), 1, MOST),
                            "For which users at the hosts it signs.")
                    .example("[www-data]");
    private static final Key<List<HostName>> HOSTS =
            Key.required(
                            "hosts",
                            Compounds.list(host(), 1, MOST),
                            "At which hosts. Their keys are those of `known_hosts` of the network:"
                                    + " it signs for no other key, whatever the VM says.")
                    .example("[upload.example]");
    private static final Key<Long> MOST_SIGNATURES =
            Key.or(
                    "signatures",
                    Scalars.integer(1, 10_000),
                    SIGNATURES,
                    Long.toString(SIGNATURES),
                    "Most signatures of one phase; a connection takes one.");
    private static final Key<Boolean> FETCH = SecretsSection.fetch();
    private static final Key<List<Phase>> PHASES = SecretsSection.phases();

    private AgentKeySection() {}

    static Section<AgentKey> section() {
        return new Section<>(
                "repositories[].secrets.agent[]",
                "A key that the host signs with, over the uplink: ssh in the VM asks its agent, which"
                        + " is the host.",
                List.of(KEY, USERS, HOSTS, MOST_SIGNATURES, PHASES, FETCH),
                values ->
                        new AgentKey(
                                values.get(KEY),
                                values.get(USERS),
                                values.get(HOSTS),
                                values.get(MOST_SIGNATURES).intValue(),
                                Set.copyOf(values.get(PHASES)),
                                values.get(FETCH)));
    }

    /// As ssh sends it, in any characters that no shell makes something of.
    static Type<String> user() {
        return SecretsSection.name(
                text -> text.matches("[A-Za-z0-9_][A-Za-z0-9_.@-]{0,63}"),
                "a user's name of letters, digits, ., _, @ and -, at most 64");
    }

    private static Type<HostName> host() {
        return Scalars.TEXT.as(
                "a host's name",
                text ->
                        switch (HostName.read(text)) {
                            case HostName.Reading.Named(var name) -> name;
                            case HostName.Reading.Refused(var why) ->
                                    throw new IllegalArgumentException("no host's name: it " + why);
                        });
    }
}
