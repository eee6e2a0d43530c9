package airlock.source;

import airlock.event.GitDepth;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevWalk;

/// Builds a fresh `.git` for a tar (H1): the objects that its refs lead to, a fixed configuration
/// and an index; no remotes, hooks, reflogs or alternates.
///
/// @param repository the one that holds the objects
/// @param refs the refs to deliver
/// @param depth [GitDepth#SHALLOW] or [GitDepth#FULL]
/// @param work an empty directory for files that the caller removes
record GitFolder(Repository repository, GitRefs refs, GitDepth depth, Path work) {
    /// Runs no program and leads nowhere else. The times in a tar have no fractions; inodes and
    /// owners are those of the machine that unpacks it.
    private static final String CONFIG =
            """
            [core]
            	repositoryformatversion = 0
            	filemode = true
            	bare = false
            	logallrefupdates = false
            	checkStat = minimal
            	trustctime = false
            [gc]
            	auto = 0
            [maintenance]
            	auto = false
            """;

    /// Appends it to the files in the tar.
    ///
    /// @param lengths by path, of the files and links in the tar that equal those of the commit
    void writeTo(TarWriter tar, Map<String, Long> lengths) throws IOException {
        try (ObjectReader objects = repository.newObjectReader();
                RevWalk walk = new RevWalk(objects)) {
            RevCommit commit = walk.parseCommit(refs.commit());
            Path index = work.resolve("index");
            GitIndex.write(objects, commit.getTree().getId(), lengths, index);
            GitPack pack = GitPack.write(objects, refs.roots(), cut(), tar.room(), work);
            tar.directory(".git");
            text(tar, "HEAD", refs.head());
            text(tar, "config", CONFIG);
            file(tar, "index", index);
            tar.directory(".git/objects");
            tar.directory(".git/objects/info");
            tar.directory(".git/objects/pack");
            file(tar, "objects/pack/" + pack.name() + ".idx", pack.index());
            file(tar, "objects/pack/" + pack.name() + ".pack", pack.pack());
            text(tar, "packed-refs", refs.packed());
            tar.directory(".git/refs");
            tar.directory(".git/refs/heads");
            tar.directory(".git/refs/tags");
            if (!pack.shallow().isEmpty()) {
                text(tar, "shallow", lines(pack.shallow()));
            }
        }
    }

    private Set<ObjectId> cut() {
        return switch (depth) {
            case SHALLOW -> Set.of(refs.commit());
            case FULL, NONE -> Set.of();
        };
    }

    private static String lines(Set<ObjectId> ids) {
        return ids.stream()
                .map(ObjectId::name)
                .sorted()
                .map(id -> id + "\n")
                .collect(Collectors.joining());
    }

    private static void text(TarWriter tar, String name, String content) throws IOException {
        byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
        tar.gitFile(".git/" + name, bytes.length, out -> out.write(bytes));
    }

    private static void file(TarWriter tar, String name, Path file) throws IOException {
        tar.gitFile(".git/" + name, Files.size(file), out -> Files.copy(file, out));
    }
}
