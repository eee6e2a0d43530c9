package airlock.app;

import airlock.event.Phase;
import airlock.event.RunId;
import airlock.results.Blob;
import airlock.results.Blobs;
import airlock.results.StrictTar;
import airlock.web.Artifacts;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;

/// Artifacts as the strict reader sees them; nothing is unpacked.
final class StoredArtifacts implements Artifacts {
    private static final int MOST_ENTRIES = 100_000;
    private static final int MOST_SHOWN = 2_000;

    private final Blobs blobs;

    StoredArtifacts(Blobs blobs) {
        this.blobs = blobs;
    }

    @Override
    public boolean arePrivate(RunId run) {
        return blobs.of(run, Phase.PLAN, "artifacts").filter(Blob::isPrivate).isPresent();
    }

    @Override
    public Listing list(RunId run) {
        var blob = blobs.of(run, Phase.PLAN, "artifacts");
        if (blob.isEmpty()) {
            return blobs.removed(run, Phase.PLAN, "artifacts")
                    .<Listing>map(Listing.Removed::new)
                    .orElseGet(Listing.None::new);
        }
        return switch (read(blob.get())) {
            case StrictTar.Listing.Refused refused -> new Listing.Unreadable(refused.reason());
            case StrictTar.Listing.Entries entries -> {
                var files = files(entries.entries());
                yield files.isEmpty()
                        ? new Listing.None()
                        : new Listing.Files(
                                files.stream()
                                        .limit(MOST_SHOWN)
                                        .map(e -> new File(e.path(), e.size()))
                                        .toList(),
                                files.size() > MOST_SHOWN);
            }
        };
    }

    @Override
    public Optional<Content> open(RunId run, String path) {
        return blobs.of(run, Phase.PLAN, "artifacts").flatMap(blob -> open(blob, path));
    }

    private static Optional<Content> open(Blob blob, String path) {
        return switch (read(blob)) {
            case StrictTar.Listing.Refused _ -> Optional.empty();
            case StrictTar.Listing.Entries entries ->
                    files(entries.entries()).stream()
                            .filter(entry -> entry.path().equals(path))
                            .findFirst()
                            .map(entry -> content(blob, entry));
        };
    }

    private static List<StrictTar.Entry> files(List<StrictTar.Entry> entries) {
        return entries.stream().filter(e -> e.kind() == StrictTar.Kind.FILE).toList();
    }

    private static StrictTar.Listing read(Blob blob) {
        try {
            return StrictTar.list(blob.file(), MOST_ENTRIES);
        } catch (NoSuchFileException e) {
            return new StrictTar.Listing.Refused("the archive is not kept any more");
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the artifacts " + blob.file(), e);
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

    /// The next so many bytes of a stream: no more, and no less without a fault, since their
    /// number has been told before.
    private static final class Bounded extends InputStream {
        private final InputStream in;
        private long left;

        Bounded(InputStream in, long left) {
            this.in = in;
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

        @Override
        public void close() throws IOException {
            in.close();
        }
    }
}
