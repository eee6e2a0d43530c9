package airlock.run;

import airlock.plan.PlanPath;
import airlock.plan.PlanReader;
import airlock.plan.PlanReading;
import airlock.source.PlanFile;
import java.util.List;
import java.util.Optional;

/// The plans that a commit's files are.
///
/// @param files as they were found
/// @param paths where plans stand among them
/// @param mistake why none of them counts; empty where they do
public record CommitPlans(List<PlanFile> files, List<PlanPath> paths, Optional<String> mistake) {
    public CommitPlans {
        files = List.copyOf(files);
        paths = List.copyOf(paths);
    }

    /// Those among `files`, which were asked for as [PlanPath#WANTED] says.
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

    /// Reads what stands at `path`.
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

    /// The bytes of the file at `path`; empty where there is no readable one.
    public Optional<byte[]> text(PlanPath path) {
        return find(path)
                .filter(PlanFile.Content.class::isInstance)
                .map(file -> ((PlanFile.Content) file).bytes());
    }

    private Optional<PlanFile> find(PlanPath path) {
        return files.stream().filter(file -> file.path().equals(path.path())).findFirst();
    }
}
