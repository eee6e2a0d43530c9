package airlock.yaml;

import airlock.base.FileFaults;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;

public sealed interface Reading<T> {
    /// The file is valid.
    record Read<T>(T value, List<Problem> warnings) implements Reading<T> {
        public Read {
            warnings = List.copyOf(warnings);
        }
    }

    /// The file has errors.
    ///
    /// @param problems in the order of the file, at least one
    /// @param report the problems with excerpts of the file
    record Invalid<T>(List<Problem> problems, List<Problem> warnings, String report)
            implements Reading<T> {
        public Invalid {
            problems = List.copyOf(problems);
            warnings = List.copyOf(warnings);
        }
    }

    /// Reads a file.
    ///
    /// @param make returns empty after it has reported why
    /// @param missing what to add to the message "no such file"
    static <T> Reading<T> of(
            Path file,
            YamlLimits limits,
            BiFunction<Node, Problems, Optional<T>> make,
            String missing) {
        var problems = new Problems(file.toString());
        try (InputStream in = Files.newInputStream(file)) {
            return of(file, in.readNBytes(limits.bytes() + 1), limits, make);
        } catch (NoSuchFileException e) {
            problems.top().error("no such file" + missing);
        } catch (IOException e) {
            problems.top().error("can't be read: " + FileFaults.words(e));
        }
        return new Invalid<>(problems.listErrors(), List.of(), "");
    }

    /// Reads `bytes` as if they were in `file`.
    static <T> Reading<T> of(
            Path file,
            byte[] bytes,
            YamlLimits limits,
            BiFunction<Node, Problems, Optional<T>> make) {
        var problems = new Problems(file.toString());
        var value =
                new YamlReader(limits)
                        .read(bytes, problems.top())
                        .flatMap(node -> make.apply(node, problems));
        if (value.isPresent() && problems.errors() == 0) {
            return new Read<>(value.get(), problems.listWarnings());
        }
        var errors = problems.listErrors();
        return new Invalid<>(errors, problems.listWarnings(), new Report(bytes).of(errors));
    }
}
