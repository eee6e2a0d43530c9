package airlock.plan;

import airlock.yaml.Problem;
import java.util.List;

/// The outcome of looking for a commit's plan.
public sealed interface PlanReading {
    /// A valid plan.
    record Read(Plan plan, List<Problem> warnings) implements PlanReading {
        public Read {
            warnings = List.copyOf(warnings);
        }
    }

    /// An invalid plan file.
    ///
    /// @param problems in the order of the file, at least one
    /// @param report the problems with excerpts of the file
    record Invalid(List<Problem> problems, List<Problem> warnings, String report)
            implements PlanReading {
        private static final int LONGEST = 200;
        private static final int BEGINNING = 130;
        private static final int END = 60;

        public Invalid {
            problems = List.copyOf(problems);
            warnings = List.copyOf(warnings);
        }

        /// The first problem on one line, with the number of further ones.
        public String summary() {
            int others = problems.size() - 1;
            return shortened(problems.getFirst().toString())
                    + (others == 0 ? "" : " (and " + others + " more)");
        }

        /// Cuts a long one in the middle, which lists expected words: forges cut the end.
        private static String shortened(String problem) {
            return problem.codePointCount(0, problem.length()) <= LONGEST
                    ? problem
                    : problem.substring(0, problem.offsetByCodePoints(0, BEGINNING))
                            + " … "
                            + problem.substring(problem.offsetByCodePoints(problem.length(), -END));
        }
    }

    record Absent() implements PlanReading {}
}
