package airlock.phases;

import airlock.vm.GuestStep;
import java.util.Optional;
import java.util.Set;

/// Explains a step whose program the guest did not find: what the image lacks, and how the plan can
/// do without it.
final class MissingProgram {
    private static final Set<String> BASH = Set.of("bash", "/bin/bash");

    private MissingProgram() {}

    /// The explanation; empty if the step failed for another reason.
    ///
    /// @param detail the guest program's words for ENOENT
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
