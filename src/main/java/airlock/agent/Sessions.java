package airlock.agent;

import airlock.agent.Sessions.Binding.Bound;
import airlock.agent.Sessions.Binding.None;
import airlock.agent.Sessions.Binding.Spoiled;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// The sessions that the streams of a phase are bound to. Only a listed host's own signature binds
/// a stream; unlisted keys are not even parsed.
final class Sessions {
    private final List<HostKey> hosts;
    private final Set<ByteBuffer> bound = ConcurrentHashMap.newKeySet();

    /// @param hosts those of all keys of the agent
    Sessions(List<HostKey> hosts) {
        this.hosts = hosts;
    }

    /// The session that a stream belongs to, as far as it is known.
    sealed interface Binding {
        record None() implements Binding {}

        record Bound(HostKey host, byte[] sessionId) implements Binding {}

        /// The agent signs nothing more on this stream.
        record Spoiled(String why) implements Binding {}
    }

    /// The binding of a stream after a bind request. A stream has at most one session, and a
    /// session at most one stream: no client needs more to log in.
    Binding bind(Binding before, Request.Bind bind) {
        return switch (before) {
            case Spoiled spoiled -> spoiled;
            case Bound _ -> new Spoiled("its client has bound a second session to one stream");
            case None _ -> first(bind);
        };
    }

    private Binding first(Request.Bind bind) {
        if (bind.isForwarding()) {
            return new Spoiled(
                    "the agent is forwarded to another host (ssh -A); `ssh -J` gets further without"
                            + " that");
        }
        if (!UserAuth.isSessionId(bind.sessionId())) {
            return new Spoiled("its client has bound an invalid session id");
        }
        for (HostKey host : hosts) {
            if (host.is(bind.hostKey())) {
                return listed(host, bind);
            }
        }
        return new Spoiled(
                "the host's key %s is not listed; if the host is the right one, list that key too"
                        .formatted(HostKey.shown(bind.hostKey())));
    }

    private Binding listed(HostKey host, Request.Bind bind) {
        byte[] id = bind.sessionId();
        if (!host.hasSigned(id, bind.signature())) {
            return new Spoiled("the session that its client has bound is not signed by its host");
        }
        return bound.add(ByteBuffer.wrap(id))
                ? new Bound(host, id)
                : new Spoiled("its session was bound to another stream before");
    }
}
