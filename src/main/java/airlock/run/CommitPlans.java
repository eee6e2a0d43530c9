package airlock.run;

import airlock.plan.PlanPath;
import airlock.plan.PlanReader;
import airlock.plan.PlanReading;
import airlock.source.CommitFile;
import java.util.List;
import java.util.Optional;

/// The plans among a commit's files.
///
/// @param mistake why none of them counts; empty if they do
public record CommitPlans(List<CommitFile> files, List<PlanPath> paths, Optional<String> mistake) {
    public CommitPlans {
        files = List.copyOf(files);
        paths = List.copyOf(paths);
    }

    public static CommitPlans of(List<CommitFile> files) {
        var paths = PlanPath.among(files.stream().map(CommitFile::path).toList());
        return new CommitPlans(files, paths, mistake(files, paths));
    }

    private static Optional<String> mistake(List<CommitFile> files, List<PlanPath> paths) {
        for (CommitFile file : files) {
            if (file instanceof CommitFile.NotAFile(var path, var what)
                    && path.equals(PlanPath.FOLDER)) {
                return Optional.of(
                        "%s is %s, and plans stand in a directory".formatted(path, what));
            }
        }
        return paths.size() > PlanPath.MOST
                ? Optional.of("there are more than %d plans".formatted(PlanPath.MOST))
                : Optional.empty();
    }

    public PlanReading read(PlanReader reader, PlanPath path) {
        return find(path)
                .map(
                        file ->
                                switch (file) {
                                    case CommitFile.Content content ->
                                            reader.read(path, content.bytes());
                                    case CommitFile.TooLarge(_, long size, long limit) ->
                                            reader.refuse(
                                                    path,
                                                    "has %,d bytes, and a plan at most %,d"
                                                            .formatted(size, limit));
                                    case CommitFile.NotAFile(_, var what) ->
                                            reader.refuse(
                                                    path,
                                                    "is %s, and a plan is a file".formatted(what));
                                })
                .orElseGet(PlanReading.Absent::new);
    }

    /// The bytes of the file at `path`; empty if it is missing or not a readable file.
    public Optional<byte[]> text(PlanPath path) {
        return find(path)
                .filter(CommitFile.Content.class::isInstance)
                .map(file -> ((CommitFile.Content) file).bytes());
    }

    private Optional<CommitFile> find(PlanPath path) {
        return files.stream().filter(file -> file.path().equals(path.path())).findFirst();
    }
}
