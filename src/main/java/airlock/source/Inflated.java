package airlock.source;

import java.io.IOException;
import java.io.InputStream;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.eclipse.jgit.errors.CorruptObjectException;
import org.eclipse.jgit.lib.AnyObjectId;
import org.eclipse.jgit.lib.InflaterCache;
import org.eclipse.jgit.lib.ObjectChecker;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.transport.PackParser;
import org.jspecify.annotations.Nullable;

/// Checks the objects that a forge sends, and limits how many bytes JGit unpacks for them: a pack
/// of a few megabytes may hold terabytes, and JGit limits only the size of a single object.
///
/// Counts the bytes from the parser's inflater (whole objects and deltas) and those of objects
/// assembled from deltas. For one thread.
final class Inflated extends ObjectChecker {
    private long limit = Long.MAX_VALUE;
    private long left = Long.MAX_VALUE;

    /// As strict as git itself, which allows these two since old programs wrote them.
    Inflated() {
        setAllowInvalidPersonIdent(true);
        setAllowLeadingZeroFileMode(true);
    }

    /// Allows `most` bytes from now on.
    void begin(long most) {
        limit = most;
        left = most;
    }

    /// Stops counting, since JGit may use a counted inflater to read objects later.
    void end() {
        begin(Long.MAX_VALUE);
    }

    /// A parser with a counted inflater: it takes the one that JGit's cache was given last.
    PackParser parser(ObjectInserter objects, InputStream in) throws IOException {
        InflaterCache.get().end(); // a full cache would take none
        InflaterCache.release(new Counted());
        return objects.newPackParser(in);
    }

    @Override
    public void check(@Nullable AnyObjectId id, int type, byte[] object)
            throws CorruptObjectException {
        spend(object.length);
        super.check(id, type, object);
    }

    private void spend(int bytes) {
        left -= bytes;
        if (left < 0) {
            throw SourceException.refusal(
                    "objects that unpack to more than %,d bytes, the limit that follows from `source_size`"
                            .formatted(limit));
        }
    }

    private final class Counted extends Inflater {
        @Override
        public int inflate(byte[] output, int from, int length) throws DataFormatException {
            int count = super.inflate(output, from, length);
            spend(count);
            return count;
        }
    }
}
