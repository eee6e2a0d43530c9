package airlock.source;

import java.io.IOException;
import java.io.InputStream;
import org.eclipse.jgit.internal.storage.file.FileRepository;
import org.eclipse.jgit.lib.BaseRepositoryBuilder;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.transport.PackParser;

/// A repository that refuses objects larger than a limit, however small their compressed form: JGit
/// has that limit only for pushes.
final class MirrorRepository extends FileRepository {
    private final long largest;
    private final Inflated inflated = new Inflated();

    /// @param largest in bytes
    MirrorRepository(BaseRepositoryBuilder<?, ?> options, long largest) throws IOException {
        super(options);
        this.largest = largest;
    }

    /// Checks and counts the objects that it receives.
    Inflated inflated() {
        return inflated;
    }

    @Override
    public ObjectInserter newObjectInserter() {
        ObjectInserter inserter = super.newObjectInserter();
        return new ObjectInserter.Filter() {
            @Override
            protected ObjectInserter delegate() {
                return inserter;
            }

            @Override
            public PackParser newPackParser(InputStream in) throws IOException {
                PackParser parser = inflated.parser(inserter, in);
                parser.setMaxObjectSizeLimit(largest);
                return parser;
            }
        };
    }
}
