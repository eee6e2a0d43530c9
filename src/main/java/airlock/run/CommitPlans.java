package airlock.run;

import airlock.plan.PlanPath;
import airlock.plan.PlanReader;
import airlock.plan.PlanReading;
import airlock.source.PlanFile;
import java.util.List;
import java.util.Optional;

/// The plans among a commit's files.
///
/// @param paths of the plans
/// @param mistake why none of them counts; empty if they do
public record CommitPlans(List<PlanFile> files, List<PlanPath> paths, Optional<String> mistake) {
    public CommitPlans {
        files = List.copyOf(files);
        paths = List.copyOf(paths);
    }

    /// The plans among `files`, which were fetched by [PlanPath#WANTED].
    public static CommitPlans of(List<PlanFile> files) {
        var paths = PlanPath.among(files.stream().map(PlanFile::path).toList());
        return new CommitPlans(files, paths, mistake(files, paths));
    }

    private static Optional<String> mistake(List<PlanFile> files, List<PlanPath> paths) {
        for (PlanFile file : files) {
            if (file instanceof PlanFile.NotAFile(var path, var what)
                    && path.equals(PlanPath.FOLDER)) {
                return Optional.of(
                        "%s is %s, and plans stand in a directory".formatted(path, what));
            }
        }
        return paths.size() > PlanPath.MOST
                ? Optional.of("there are more than %d plans".formatted(PlanPath.MOST))
                : Optional.empty();
    }

    /// Reads the plan at `path`.
    public PlanReading read(PlanReader reader, PlanPath path) {
        return find(path)
                .map(
                        file ->
                                switch (file) {
                                    case PlanFile.Content content ->
                                            reader.read(path, content.bytes());
                                    case PlanFile.TooLarge(_, long size, long limit) ->
                                            reader.refuse(
                                                    path,
                                                    "has %,d bytes, and a plan at most %,d"
                                                            .formatted(size, limit));
                                    case PlanFile.NotAFile(_, var what) ->
                                            reader.refuse(
                                                    path,
                                                    "is %s, and a plan is a file".formatted(what));
                                })
                .orElseGet(PlanReading.Absent::new);
    }

    /// The bytes of the file at `path`; empty if it is missing or not a readable file.
    public Optional<byte[]> text(PlanPath path) {
        return find(path)
                .filter(PlanFile.Content.class::isInstance)
                .map(file -> ((PlanFile.Content) file).bytes());
    }

    private Optional<PlanFile> find(PlanPath path) {
        return files.stream().filter(file -> file.path().equals(path.path())).findFirst();
    }
}
