package airlock.base;

import java.io.EOFException;
import java.io.IOException;
import java.net.UnknownHostException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import org.jspecify.annotations.Nullable;

/// Explains I/O faults in words. Java's own messages are often only a class name and a path.
public final class FileFaults {
    private static final int LONGEST_CHAIN = 20;

    private FileFaults() {}

    /// Describes a fault and its file in one sentence without a full stop.
    public static String words(IOException fault) {
        return switch (fault) {
            case NoSuchFileException e -> "there is no " + e.getFile();
            case AccessDeniedException e -> denied(e.getFile());
            case NotDirectoryException e -> e.getFile() + " is not a directory";
            case FileAlreadyExistsException e -> exists(e.getFile());
            case DirectoryNotEmptyException e -> "the directory " + e.getFile() + " is not empty";
            case FileSystemException e -> reason(e.getFile(), e.getReason());
            case UnknownHostException e -> "there is no address for the host " + e.getMessage();
            case EOFException _ -> "it ends too early";
            default -> reason(null, fault.getMessage());
        };
    }

    /// The message of a fault, with words instead of the names of Java's exceptions.
    public static String message(Throwable fault) {
        String text = fault.getMessage() == null ? "" : fault.getMessage();
        Throwable cause = fault;
        for (int i = 0; i < LONGEST_CHAIN && cause != null; i++, cause = cause.getCause()) {
            if (cause instanceof IOException refused) {
                text = withWords(text, refused);
            }
        }
        return text.isBlank() ? fault.toString() : text;
    }

    private static String withWords(String text, IOException fault) {
        String words = words(fault);
        String said = String.valueOf(fault.getMessage());
        if (text.contains(fault.toString())) {
            return text.replace(fault.toString(), words);
        }
        if (!(fault instanceof FileSystemException)) {
            return text.isBlank() || text.equals(said) ? words : text;
        }
        if (text.endsWith(said)) {
            return text.substring(0, text.length() - said.length()) + words;
        }
        return text.contains(words) ? text : text + ": " + words;
    }

    private static String exists(String file) {
        return Files.isDirectory(Path.of(file))
                ? "the directory " + file + " is there already"
                : "there is a file " + file + " already";
    }

    private static String denied(String file) {
        String user = System.getProperty("user.name");
        try {
            var found =
                    Files.readAttributes(
                            Path.of(file), PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            return "%s may not do that with %s, which belongs to %s (%s)"
                    .formatted(
                            user,
                            file,
                            found.owner().getName(),
                            PosixFilePermissions.toString(found.permissions()));
        } catch (IOException | UnsupportedOperationException _) {
            return user + " may not reach " + file;
        }
    }

    private static String reason(@Nullable String file, @Nullable String reason) {
        String of = file == null ? "" : file + ": ";
        if (reason == null || reason.isBlank()) {
            return of + "it can't be read or written";
        }
        if (FullDisk.isIn(reason)) {
            return of + "the disk is full, or a quota is used up";
        }
        if (reason.contains("Read-only file system")) {
            return of + "the file system is read-only";
        }
        return of + reason;
    }
}
