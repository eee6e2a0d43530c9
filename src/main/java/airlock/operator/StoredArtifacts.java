package airlock.operator;

import airlock.event.Phase;
import airlock.event.RunId;
import airlock.results.Blob;
import airlock.results.Blobs;
import airlock.results.StrictTar;
import airlock.source.Listing;
import airlock.web.Artifacts;
import java.io.EOFException;
import java.io.File;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.eclipse.jetty.io.Content;
import org.jspecify.annotations.Nullable;

/// Lists and opens artifacts with the strict reader, without unpacking them. An archive may have
/// 100,000 names of 4 KB, so listing reads it as a stream and keeps one page.
public final class StoredArtifacts implements Artifacts {
    private static final int MOST_ENTRIES = 100_000;

    /// Files on one page, and characters of their names.
    private static final int MOST_SHOWN = 2_000;

    private static final int MOST_NAMES = 128 << 10;

    /// Archives read at the same time: the worst takes a second of CPU and disk.
    private static final int READERS = 2;

    /// Size of an empty archive: two blocks of zeros.
    private static final int EMPTY = 1024;

    private final Blobs blobs;
    private final Semaphore readers = new Semaphore(READERS, true);

    public StoredArtifacts(Blobs blobs) {
        this.blobs = blobs;
    }

    @Override
    public boolean arePrivate(RunId run) {
        return blob(run).filter(Blob::isPrivate).isPresent();
    }

    @Override
    public boolean mayHave(RunId run) {
        return blob(run)
                .map(blob -> blob.bytes() > EMPTY)
                .orElseGet(() -> blobs.removed(run, Phase.PLAN, "artifacts").isPresent());
    }

    private Optional<Blob> blob(RunId run) {
        return blobs.of(run, Phase.PLAN, "artifacts");
    }

    @Override
    public Listing list(RunId run, int from) {
        var blob = blob(run);
        if (blob.isEmpty()) {
            return blobs.removed(run, Phase.PLAN, "artifacts")
                    .<Listing>map(Listing.Removed::new)
                    .orElseGet(Listing.None::new);
        }
        var page = new Page(from);
        String refusal = walk(blob.get(), page::add);
        if (!refusal.isEmpty()) {
            return new Listing.Unreadable(refusal);
        }
        return page.seen == 0
                ? new Listing.None()
                : new Listing.Files(page.files, page.end < page.seen ? page.end : 0);
    }

    /// One page of an archive's files.
    private static final class Page {
        private final int from;
        private final List<File> files = new ArrayList<>();
        private int names;
        private int seen;
        private int end;

        Page(int from) {
            this.from = from;
        }

        void add(StrictTar.Entry entry) {
            if (entry.kind() == StrictTar.Kind.FILE) {
                boolean fits = files.size() < MOST_SHOWN && names < MOST_NAMES;
                if (seen >= from && fits) {
                    files.add(new File(entry.path(), entry.size()));
                    names += entry.path().length();
                    end = seen + 1;
                } else if (seen < from) {
                    end = seen + 1;
                }
                seen++;
            }
        }
    }

    @Override
    public Optional<Content> open(RunId run, String path) {
        return blob(run).flatMap(blob -> open(blob, path));
    }

    private Optional<Content> open(Blob blob, String path) {
        var found = new AtomicReference<StrictTar.@Nullable Entry>();
        String refusal =
                walk(
                        blob,
                        entry -> {
                            if (entry.kind() == StrictTar.Kind.FILE && entry.path().equals(path)) {
                                found.compareAndSet(null, entry);
                            }
                        });
        return refusal.isEmpty()
                ? Optional.ofNullable(found.get()).map(entry -> content(blob, entry))
                : Optional.empty();
    }

    private String walk(Blob blob, Consumer<StrictTar.Entry> entries) {
        readers.acquireUninterruptibly();
        try {
            return StrictTar.walk(blob.file(), MOST_ENTRIES, entries);
        } catch (NoSuchFileException e) {
            return "the archive was removed";
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the artifacts " + blob.file(), e);
        } finally {
            readers.release();
        }
    }

    private static Content content(Blob blob, StrictTar.Entry entry) {
        try {
            var channel = FileChannel.open(blob.file(), StandardOpenOption.READ);
            try {
                channel.position(entry.offset());
            } catch (IOException e) {
                channel.close();
                throw e;
            }
            return new Content(
                    entry.size(), new Bounded(Channels.newInputStream(channel), entry.size()));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot open the artifacts " + blob.file(), e);
        }
    }

    /// Exactly `left` bytes of a stream, whose number has been sent already; throws EOFException if
    /// there are fewer.
    private static final class Bounded extends FilterInputStream {
        private long left;

        Bounded(InputStream in, long left) {
            super(in);
            this.left = left;
        }

        @Override
        public int read() throws IOException {
            var one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            if (left <= 0) {
                return -1;
            }
            int got = in.read(into, offset, (int) Math.min(length, left));
            if (got < 0) {
                throw new EOFException("the archive ends " + left + " bytes before its entry");
            }
            left -= got;
            return got;
        }
    }
}
