package airlock.vm;

import java.util.List;
import java.util.Map;

/// One of the few things that the guest program can do. Whatever a plan's action means is lowered
/// to these on the host.
public sealed interface GuestStep {
    /// Runs a program with stdin from `stdin`, stdout and stderr recorded apart.
    ///
    /// @param argv program and arguments; a program without `/` is looked up in `environment`'s
    ///     PATH, and refused where there is none
    /// @param environment the whole environment; nothing is inherited
    /// @param directory working directory, absolute
    /// @param stdin bytes as UTF-8, empty for none
    record Execute(
            List<String> argv, Map<String, String> environment, String directory, String stdin)
            implements GuestStep {
        public Execute {
            argv = List.copyOf(argv);
            environment = Map.copyOf(environment);
        }
    }

    /// Makes a directory; succeeds where it is one already.
    ///
    /// @param mode permission bits, at most 0777
    /// @param parents whether missing parents are made too, with mode 0755
    record MakeDirectory(String path, int mode, boolean parents) implements GuestStep {}

    /// Writes a file; parents must exist.
    ///
    /// @param overwrite whether a file that is there already is replaced instead of failing
    record WriteFile(String path, int mode, String content, boolean overwrite)
            implements GuestStep {}

    /// Makes a symbolic link; succeeds where the same one is there, and fails where `path` is
    /// anything else.
    record Link(String target, String path) implements GuestStep {}

    /// Unpacks the tar archive at the start of a drive into a directory that exists.
    ///
    /// @param device the drive, such as `/dev/vdc`
    /// @param linksStayInside whether a symbolic link that leads out of the directory ends the step
    record Unpack(String device, String directory, boolean linksStayInside) implements GuestStep {}

    /// Packs a directory as a tar archive onto a drive; the final record tells its length.
    record Pack(String directory, String device) implements GuestStep {}

    /// Lets the programs of later steps connect to places by their names, through the uplink.
    /// At most once in a plan.
    ///
    /// @param targets `HOST:PORT` each; at most [StepList#MOST_TARGETS]
    /// @param tokens names of tokens, each of 1 to 63 letters, digits, `-`, `_`, `.`; at most as
    ///     many. NAME is used at `http://NAME.token.internal/`
    /// @param proxy whether an HTTP proxy at 127.0.0.1:3128 lets them ask for others too, and
    ///     `/run/airlock/connect HOST PORT` does that for programs that know no proxy
    /// @param agent whether an agent of ssh keys listens at [#AGENT]
    record Connect(List<String> targets, List<String> tokens, boolean proxy, boolean agent)
            implements GuestStep {
        /// The socket of the agent, for `SSH_AUTH_SOCK`.
        public static final String AGENT = "/run/airlock/agent";

        public Connect {
            targets = List.copyOf(targets);
            tokens = List.copyOf(tokens);
        }
    }

    /// Serves the terminals that the host opens over the uplink, and nothing else there any more,
    /// until one's shell ends; its exit code is the step's. One after a failure goes on until the
    /// host ends it. The last step of a plan.
    ///
    /// @param environment for the shells; what each shell needs is added where it is missing, and
    ///     without a PATH the shell is a login shell
    /// @param onlyAfterFailure whether it is left out where no step before it has failed
    record Terminal(Map<String, String> environment, boolean onlyAfterFailure)
            implements GuestStep {
        public Terminal {
            environment = Map.copyOf(environment);
        }
    }
}
