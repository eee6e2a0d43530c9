package airlock.ambient;

import airlock.yaml.Problem;
import java.util.List;

/// What came of reading a projects file.
public sealed interface ProjectsReading {
    /// It can be used.
    ///
    /// @param projects in the order of their names, as Ambient runs them
    /// @param warnings what is probably not meant, in the order of the file
    record Read(List<Project> projects, List<Problem> warnings) implements ProjectsReading {
        public Read {
            projects = List.copyOf(projects);
            warnings = List.copyOf(warnings);
        }
    }

    /// It can't.
    ///
    /// @param problems why, in the order of the file, at least one
    /// @param report all of them with the lines that they stand in, for people
    record Invalid(List<Problem> problems, String report) implements ProjectsReading {
        public Invalid {
            problems = List.copyOf(problems);
        }
    }
}
