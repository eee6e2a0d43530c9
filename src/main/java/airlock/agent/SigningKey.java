package airlock.agent;

import airlock.agent.Sessions.Binding;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;

/// An Ed25519 key of an agent, and the logins that it may sign in one phase. Its private half stays
/// behind `signer`.
///
/// @param publicBlob its public half as SSH sends it (RFC 8709, 4)
/// @param comment shown by `ssh-add -L`; printable ASCII
/// @param signer signs (RFC 8032): 64 bytes
/// @param setting names its place in the configuration, such as `repositories[].secrets.deploy`;
///     refusals show it
/// @param users as the hosts name them
/// @param signatures most of them in a phase
public record SigningKey(
        byte[] publicBlob,
        String comment,
        UnaryOperator<byte[]> signer,
        String setting,
        Set<String> users,
        List<Host> hosts,
        int signatures) {
    public SigningKey {
        users = Set.copyOf(users);
        hosts = List.copyOf(hosts);
    }

    /// A host to which the key may log in.
    ///
    /// @param name for people; only the host's key identifies it
    /// @param key a host with several keys has an entry for each
    public record Host(String name, HostKey key) {}

    /// Whether the agent may sign, regardless of how many signatures it has made.
    sealed interface Decision {
        /// Signs with the key that was asked for, for a user at a host.
        record Sign(String login) implements Decision {}

        record Refuse(String why) implements Decision {}
    }

    /// Decides about a request for a signature by this key.
    Decision decide(Request.Sign request, Binding binding) {
        if (request.flags() != 0) {
            return new Decision.Refuse(
                    "its flags (%d) mean nothing to this key".formatted(request.flags()));
        }
        var login = UserAuth.read(request.data());
        if (login.isEmpty()) {
            return new Decision.Refuse(
                    "that is %s; this agent signs SSH logins only"
                            .formatted(UserAuth.guess(request.data())));
        }
        return switch (binding) {
            case Binding.None _ ->
                    new Decision.Refuse(
                            "its client has not bound the session; OpenSSH does from 8.9 on, for"
                                    + " others there is `certificate`");
            case Binding.Spoiled(var why) -> new Decision.Refuse(why);
            case Binding.Bound bound -> decide(login.get(), bound);
        };
    }

    private Decision decide(UserAuth login, Binding.Bound bound) {
        if (!Arrays.equals(login.key(), publicBlob)) {
            return new Decision.Refuse("the login is with another key");
        }
        if (!Arrays.equals(login.sessionId(), bound.sessionId())
                || login.hostKey().filter(named -> !bound.host().is(named)).isPresent()) {
            return new Decision.Refuse(
                    "the login is for another session than its client has bound");
        }
        var listed = hosts.stream().filter(host -> host.key().equals(bound.host())).findFirst();
        if (listed.isEmpty()) {
            return new Decision.Refuse(
                    "the host's key %s is listed, but not for this key (%s)"
                            .formatted(bound.host(), setting));
        }
        String user = Request.shown(login.user());
        String shown = "user " + user + " at " + listed.get().name();
        return users.contains(login.user())
                ? new Decision.Sign(shown)
                : new Decision.Refuse(
                        "%s is not listed; `%s` in the users of %s would allow it"
                                .formatted(shown, user, setting));
    }
}
