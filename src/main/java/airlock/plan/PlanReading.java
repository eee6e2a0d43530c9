package airlock.plan;

import airlock.yaml.Problem;
import java.util.List;

/// What came of looking for a commit's plan.
public sealed interface PlanReading {
    /// There is one.
    ///
    /// @param warnings what is probably not meant, in the order of the file
    record Read(Plan plan, List<Problem> warnings) implements PlanReading {
        public Read {
            warnings = List.copyOf(warnings);
        }
    }

    /// There is a file, and it is no plan.
    ///
    /// @param problems why, in the order of the file, at least one
    /// @param warnings what is probably not meant, as far as the file could be understood
    /// @param report the problems with the lines that they stand in, for people
    record Invalid(List<Problem> problems, List<Problem> warnings, String report)
            implements PlanReading {
        private static final int LONGEST = 200;
        private static final int BEGINNING = 130;
        private static final int END = 60;

        public Invalid {
            problems = List.copyOf(problems);
            warnings = List.copyOf(warnings);
        }

        /// The first problem on one line, with the number of the others.
        public String summary() {
            int others = problems.size() - 1;
            return shortened(problems.getFirst().toString())
                    + (others == 0 ? "" : " (and " + others + " more)");
        }

        /// Of a long one the middle goes, where all that was expected stands: forges cut the end.
        private static String shortened(String problem) {
            return problem.codePointCount(0, problem.length()) <= LONGEST
                    ? problem
                    : problem.substring(0, problem.offsetByCodePoints(0, BEGINNING))
                            + " … "
                            + problem.substring(problem.offsetByCodePoints(problem.length(), -END));
        }
    }

    /// The commit has no plan file.
    record Absent() implements PlanReading {}
}
