package airlock.phases;

import airlock.vm.GuestStep;
import java.util.Optional;
import java.util.Set;

/// Words for a step whose program the guest did not find: what the image lacks, and what the plan
/// can do.
final class MissingProgram {
    private static final Set<String> BASH = Set.of("bash", "/bin/bash");

    private MissingProgram() {}

    /// Empty where it is something else.
    ///
    /// @param detail as the guest says it: its program's words for ENOENT
    static Optional<String> words(GuestStep step, String detail) {
        if (!(step instanceof GuestStep.Execute execute)) {
            return Optional.empty();
        }
        String program = execute.argv().getFirst();
        if (!detail.equals("cannot start " + program + ": No such file or directory")) {
            return Optional.empty();
        }
        if (BASH.contains(program)) {
            return Optional.of(
                    "it needs /bin/bash, which the image has not; `shell` goes without it by"
                            + " `with: sh`");
        }
        return Optional.of(
                program.startsWith("/ci/")
                        ? detail + " (or what its first line names is not in the image)"
                        : "it needs " + program + ", which the image has not");
    }
}
