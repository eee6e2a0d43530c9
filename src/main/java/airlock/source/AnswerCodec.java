package airlock.source;

import airlock.event.CommitId;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Path;

/// An [Answer] as a frame's content. Reading takes nothing for granted: what does not fit is an
/// `IOException` or an `IllegalArgumentException`.
final class AnswerCodec {
    private enum Kind {
        SOURCE,
        MOVED,
        MISSING,
        REFUSED,
        UNREACHABLE,
        TIPS,
        FROM,
        FROM_NONE,
        PATHS,
        UNKNOWN,
        DAMAGED,
        BROKE
    }

    private enum FileKind {
        CONTENT,
        TOO_LARGE,
        NOT_A_FILE
    }

    private AnswerCodec() {}

    static void write(DataOutputStream out, Answer answer) throws IOException {
        switch (answer) {
            case Source source -> source(out, source);
            case Moved moved -> one(out, Kind.MOVED, moved.tip().hex());
            case Missing missing -> one(out, Kind.MISSING, missing.why());
            case Refused refused -> one(out, Kind.REFUSED, refused.why());
            case Unreachable unreachable -> {
                one(out, Kind.UNREACHABLE, unreachable.why());
                out.writeBoolean(unreachable.retryable());
                out.writeBoolean(unreachable.silent());
                out.writeBoolean(unreachable.login());
            }
            case Listing.Tips tips -> {
                Frames.text(out, Kind.TIPS.name());
                Frames.list(out, tips.tips(), AnswerCodec::tip);
            }
            case Reachable.From from -> one(out, Kind.FROM, from.ref());
            case Reachable.FromNone _ -> Frames.text(out, Kind.FROM_NONE.name());
            case Changed.Paths changed -> {
                Frames.text(out, Kind.PATHS.name());
                Frames.list(out, changed.paths(), Frames::text);
            }
            case Changed.Unknown unknown -> one(out, Kind.UNKNOWN, unknown.why());
            case Answer.Damaged damaged -> one(out, Kind.DAMAGED, damaged.why());
            case Answer.Broke broke -> one(out, Kind.BROKE, broke.why());
        }
    }

    static Answer read(DataInputStream in) throws IOException {
        return switch (Kind.valueOf(Frames.text(in))) {
            case SOURCE -> source(in);
            case MOVED -> new Moved(new CommitId(Frames.text(in)));
            case MISSING -> new Missing(Frames.text(in));
            case REFUSED -> new Refused(Frames.text(in));
            case UNREACHABLE ->
                    new Unreachable(
                            Frames.text(in), in.readBoolean(), in.readBoolean(), in.readBoolean());
            case TIPS -> new Listing.Tips(Frames.list(in, AnswerCodec::tip));
            case FROM -> new Reachable.From(Frames.text(in));
            case FROM_NONE -> new Reachable.FromNone();
            case PATHS -> new Changed.Paths(Frames.list(in, Frames::text));
            case UNKNOWN -> new Changed.Unknown(Frames.text(in));
            case DAMAGED -> new Answer.Damaged(Frames.text(in));
            case BROKE -> new Answer.Broke(Frames.text(in));
        };
    }

    private static void one(DataOutputStream out, Kind kind, String text) throws IOException {
        Frames.text(out, kind.name());
        Frames.text(out, text);
    }

    private static void source(DataOutputStream out, Source source) throws IOException {
        one(out, Kind.SOURCE, source.tar().toString());
        Frames.text(out, source.sha256());
        out.writeLong(source.bytes());
        Frames.text(out, source.tree());
        Frames.text(out, source.commit().hex());
        Frames.text(out, source.message());
        Frames.text(out, source.tip().hex());
        Frames.list(out, source.planFiles(), AnswerCodec::planFile);
        Frames.list(out, source.submodules(), Frames::text);
    }

    private static Source source(DataInputStream in) throws IOException {
        return new Source(
                Path.of(Frames.text(in)),
                Frames.text(in),
                in.readLong(),
                Frames.text(in),
                new CommitId(Frames.text(in)),
                Frames.text(in),
                new CommitId(Frames.text(in)),
                Frames.list(in, AnswerCodec::planFile),
                Frames.list(in, Frames::text));
    }

    private static void planFile(DataOutputStream out, PlanFile file) throws IOException {
        switch (file) {
            case PlanFile.Content content -> {
                Frames.text(out, FileKind.CONTENT.name());
                Frames.text(out, content.path());
                Frames.blob(out, content.bytes());
            }
            case PlanFile.TooLarge large -> {
                Frames.text(out, FileKind.TOO_LARGE.name());
                Frames.text(out, large.path());
                out.writeLong(large.size());
                out.writeLong(large.limit());
            }
            case PlanFile.NotAFile other -> {
                Frames.text(out, FileKind.NOT_A_FILE.name());
                Frames.text(out, other.path());
                Frames.text(out, other.what());
            }
        }
    }

    private static PlanFile planFile(DataInputStream in) throws IOException {
        return switch (FileKind.valueOf(Frames.text(in))) {
            case CONTENT -> new PlanFile.Content(Frames.text(in), Frames.blob(in));
            case TOO_LARGE -> new PlanFile.TooLarge(Frames.text(in), in.readLong(), in.readLong());
            case NOT_A_FILE -> new PlanFile.NotAFile(Frames.text(in), Frames.text(in));
        };
    }

    private static void tip(DataOutputStream out, Listing.Tip tip) throws IOException {
        Frames.text(out, tip.ref());
        Frames.text(out, tip.id().hex());
        Frames.text(out, tip.commit().hex());
    }

    private static Listing.Tip tip(DataInputStream in) throws IOException {
        return new Listing.Tip(
                Frames.text(in), new CommitId(Frames.text(in)), new CommitId(Frames.text(in)));
    }
}
