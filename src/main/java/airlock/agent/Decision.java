package airlock.agent;

import airlock.agent.Sessions.Binding;
import java.util.Arrays;

/// Whether the agent may sign, regardless of how many signatures it has made.
sealed interface Decision {
    /// Signs with the key that was asked for.
    ///
    /// @param login for people: which user, and where
    record Sign(String login) implements Decision {}

    record Refuse(String why) implements Decision {}

    /// Decides about a request.
    ///
    /// @param request for a signature by `key`
    static Decision of(SigningKey key, Request.Sign request, Binding binding) {
        if (request.flags() != 0) {
            return new Refuse("its flags (%d) mean nothing to this key".formatted(request.flags()));
        }
        return switch (UserAuth.read(request.data())) {
            case UserAuth.Reading.Other(var what) ->
                    new Refuse("that is " + what + "; this agent signs SSH logins only");
            case UserAuth.Reading.Read(var login) ->
                    switch (binding) {
                        case Binding.None _ ->
                                new Refuse(
                                        "its client has not bound the session; OpenSSH does from"
                                                + " 8.9 on, for others there is `certificate`");
                        case Binding.Spoiled(var why) -> new Refuse(why);
                        case Binding.Bound bound -> of(key, login, bound);
                    };
        };
    }

    private static Decision of(SigningKey key, UserAuth login, Binding.Bound bound) {
        if (!Arrays.equals(login.key(), key.publicBlob())) {
            return new Refuse("the login is with another key");
        }
        if (!Arrays.equals(login.sessionId(), bound.sessionId())
                || login.hostKey().filter(named -> !bound.host().is(named)).isPresent()) {
            return new Refuse("the login is for another session than its client has bound");
        }
        return key.hosts().stream()
                .filter(host -> host.key().equals(bound.host()))
                .findFirst()
                .map(listed -> of(key, login.user(), listed.name()))
                .orElseGet(
                        () ->
                                new Refuse(
                                        "the host's key %s is listed, but not for this key (%s)"
                                                .formatted(bound.host(), key.setting())));
    }

    private static Decision of(SigningKey key, String user, String host) {
        String login = "user " + Request.shown(user) + " at " + host;
        return key.users().contains(user)
                ? new Sign(login)
                : new Refuse(
                        "%s is not listed; `%s` in the users of %s would allow it"
                                .formatted(login, Request.shown(user), key.setting()));
    }
}
