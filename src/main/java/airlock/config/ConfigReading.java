package airlock.config;

import airlock.yaml.Problem;
import java.util.List;

/// What came of reading a configuration file.
public sealed interface ConfigReading {
    /// It can be used.
    ///
    /// @param warnings what works, but should better be otherwise, in the order of the file
    record Read(AirlockConfig config, List<Problem> warnings) implements ConfigReading {
        public Read {
            warnings = List.copyOf(warnings);
        }
    }

    /// It can't.
    ///
    /// @param problems all reasons, in the order of the file, at least one
    /// @param warnings as above
    record Invalid(List<Problem> problems, List<Problem> warnings) implements ConfigReading {
        public Invalid {
            problems = List.copyOf(problems);
            warnings = List.copyOf(warnings);
        }
    }
}
