package airlock.vm;

import java.util.List;
import java.util.Map;

/// One of the few things that the guest program can do. The host translates a plan's actions to
/// these.
public sealed interface GuestStep {
    /// Runs a program with stdin from `stdin`, stdout and stderr recorded apart.
    ///
    /// @param argv program and arguments; a program without `/` is looked up in `environment`'s
    ///     PATH, and refused without one
    /// @param environment the whole environment; nothing is inherited
    /// @param directory working directory, absolute
    /// @param stdin sent as UTF-8
    record Execute(
            List<String> argv, Map<String, String> environment, String directory, String stdin)
            implements GuestStep {
        public Execute {
            argv = List.copyOf(argv);
            environment = Map.copyOf(environment);
        }
    }

    /// Makes a directory; succeeds if it exists.
    ///
    /// @param mode permission bits, at most 0777
    /// @param parents whether missing parents are made too, with mode 0755
    record MakeDirectory(String path, int mode, boolean parents) implements GuestStep {}

    /// Writes a file; parents must exist.
    ///
    /// @param overwrite whether to replace an existing file instead of failing
    record WriteFile(String path, int mode, String content, boolean overwrite)
            implements GuestStep {}

    /// Makes a symbolic link; succeeds if the same one exists, and fails if `path` is anything
    /// else.
    record Link(String target, String path) implements GuestStep {}

    /// Unpacks the tar archive at the start of a drive into a directory that exists.
    ///
    /// @param device the drive, such as `/dev/vdc`
    /// @param linksStayInside whether a symbolic link out of the directory fails the step
    record Unpack(String device, String directory, boolean linksStayInside) implements GuestStep {}

    /// Packs a directory as a tar archive onto a drive; the final record has its length.
    record Pack(String directory, String device) implements GuestStep {}

    /// Allows the programs of later steps to connect to hosts by name, through the uplink. At most
    /// once in a plan.
    ///
    /// @param targets `HOST:PORT` each; at most [StepList#MOST_TARGETS]
    /// @param tokens names of tokens, each of 1 to 63 letters, digits, `-`, `_`, `.`; at most as
    ///     many. NAME is used at `http://NAME.token.internal/`
    /// @param proxy whether programs may request other hosts, through the HTTP proxy at
    ///     127.0.0.1:3128 or by `/run/airlock/connect HOST PORT`
    /// @param agent whether an ssh agent listens at [#AGENT]
    record Connect(List<String> targets, List<String> tokens, boolean proxy, boolean agent)
            implements GuestStep {
        /// The socket of the agent, for `SSH_AUTH_SOCK`.
        public static final String AGENT = "/run/airlock/agent";

        public Connect {
            targets = List.copyOf(targets);
            tokens = List.copyOf(tokens);
        }
    }

    /// The last step of a plan: from then on the uplink serves only the terminals that the host
    /// opens, until a shell ends; its exit code is the step's. After a failure it goes on until the
    /// host ends it.
    ///
    /// @param environment for the shells; missing necessary variables are added, and without a PATH
    ///     the shell is a login shell
    /// @param onlyAfterFailure whether it is skipped unless a step before it failed
    record Terminal(Map<String, String> environment, boolean onlyAfterFailure)
            implements GuestStep {
        public Terminal {
            environment = Map.copyOf(environment);
        }
    }
}
