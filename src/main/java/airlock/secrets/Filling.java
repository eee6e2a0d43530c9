package airlock.secrets;

import java.util.List;

/// What goes onto the secrets drive of a phase.
public sealed interface Filling {
    /// Nothing: the phase may have no secret, or is configured to have none.
    record Empty() implements Filling {}

    /// These files.
    record Filled(List<SecretFile> files) implements Filling {
        public Filled {
            files = List.copyOf(files);
        }

        /// The contents that logs must not show.
        public List<byte[]> secrets() {
            return files.stream().filter(SecretFile::isSecret).map(SecretFile::content).toList();
        }
    }

    /// The configuration wants something on the drive that is not there.
    ///
    /// @param reason what the operator can do
    record Missing(String reason) implements Filling {}
}
