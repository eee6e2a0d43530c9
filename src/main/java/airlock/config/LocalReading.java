package airlock.config;

import airlock.yaml.Problem;
import java.util.List;

/// What came of reading a configuration file for a run without a server.
public sealed interface LocalReading {
    /// It can be used.
    ///
    /// @param warnings what works, but should better be otherwise, in the order of the file
    record Read(LocalConfig config, List<Problem> warnings) implements LocalReading {
        public Read {
            warnings = List.copyOf(warnings);
        }
    }

    /// It can't.
    ///
    /// @param problems all reasons, in the order of the file, at least one
    record Invalid(List<Problem> problems) implements LocalReading {
        public Invalid {
            problems = List.copyOf(problems);
        }
    }
}
