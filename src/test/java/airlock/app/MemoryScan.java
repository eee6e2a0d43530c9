package airlock.app;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/// Looks for bytes in all memory of a VM's process and in all files of its disks, while it runs.
///
/// @param forms what is looked for, each of them
public record MemoryScan(List<byte[]> forms) {
    private static final int PIECE = 1 << 20;

    /// A key's private half: as it is, in hexadecimal, in Base64 wherever it lies in what was
    /// encoded, and the line of OpenSSH's file that has it.
    public static MemoryScan ofKey(byte[] seed, String file) {
        var forms = new ArrayList<byte[]>();
        forms.add(seed);
        forms.add(ascii(HexFormat.of().formatHex(seed)));
        for (int before = 0; before < 3; before++) {
            byte[] bytes = new byte[before + seed.length + 3];
            System.arraycopy(seed, 0, bytes, before, seed.length);
            String encoded = Base64.getEncoder().encodeToString(bytes);
            forms.add(ascii(encoded.substring(4, encoded.length() - 8)));
        }
        // PROTOCOL.key: the private half lies at byte 161, the line from byte 157 on is the fourth
        forms.add(ascii(file.lines().skip(4).findFirst().orElseThrow()));
        return new MemoryScan(List.copyOf(forms));
    }

    /// A text, as it is and in Base64 wherever it lies in what was encoded.
    public static MemoryScan ofText(String text) {
        return new MemoryScan(Sweep.of(text).forms().stream().map(MemoryScan::ascii).toList());
    }

    public MemoryScan and(MemoryScan other) {
        return new MemoryScan(Stream.concat(forms.stream(), other.forms.stream()).toList());
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /// How often they are in the memory of a process, and in how many bytes it was looked.
    public record Found(int times, long bytes) {
        Found plus(Found other) {
            return new Found(times + other.times, bytes + other.bytes);
        }
    }

    /// Everything that the process has mapped, the guest's memory among it.
    Found process(long pid) throws IOException {
        var found = new Found(0, 0);
        try (var memory = new RandomAccessFile("/proc/" + pid + "/mem", "r")) {
            for (String line : Files.readAllLines(Path.of("/proc/" + pid + "/maps"))) {
                String[] words = line.split(" +", -1);
                if (!words[1].startsWith("r") || line.endsWith("[vvar]")) {
                    continue;
                }
                String[] ends = words[0].split("-", -1);
                long from = Long.parseUnsignedLong(ends[0], 16);
                if (from >= 0) {
                    found = found.plus(region(memory, from, Long.parseLong(ends[1], 16)));
                }
            }
        }
        return found;
    }

    private Found region(RandomAccessFile from, long begin, long end) throws IOException {
        int longest = forms.stream().mapToInt(form -> form.length).max().orElseThrow();
        byte[] piece = new byte[PIECE + longest];
        int times = 0;
        for (long at = begin; at < end; at += PIECE) {
            int length = (int) Math.min(piece.length, end - at);
            from.seek(at);
            try {
                from.readFully(piece, 0, length);
            } catch (IOException _) {
                continue; // an unreadable page
            }
            times += times(piece, length);
        }
        return new Found(times, end - begin);
    }

    private int times(byte[] piece, int length) {
        boolean[] begins = new boolean[256];
        forms.forEach(form -> begins[form[0] & 0xff] = true);
        int times = 0;
        for (int at = 0; at < length; at++) {
            if (begins[piece[at] & 0xff]) {
                times += timesAt(piece, at, length);
            }
        }
        return times;
    }

    private int timesAt(byte[] piece, int at, int length) {
        int times = 0;
        for (byte[] form : forms) {
            int end = at + form.length;
            if (end <= length && Arrays.equals(piece, at, end, form, 0, form.length)) {
                times++;
            }
        }
        return times;
    }

    /// The files below `directories` that have any of them, drives and disks among them. grep
    /// passes over their holes.
    public List<Path> files(Path... directories) throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of("grep", "-zrlaF", "-D", "skip", "-f", "-", "--"));
        Stream.of(directories).map(Path::toString).forEach(command::add);
        var builder = new ProcessBuilder(command);
        builder.environment().put("LC_ALL", "C");
        var grep = builder.redirectError(ProcessBuilder.Redirect.DISCARD).start();
        try (var to = grep.getOutputStream()) {
            for (byte[] form : forms) {
                to.write(line(form));
                to.write('\n');
            }
        }
        String found = new String(grep.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        int _ = grep.waitFor(); // 2 if a file was removed meanwhile
        return found.lines().map(Path::of).toList();
    }

    /// The longest part without a zero and a line's end: grep looks at what is between zeros, so
    /// that it may pass over holes, and a line says what to look for.
    private static byte[] line(byte[] form) {
        int from = 0;
        int length = 0;
        int begin = 0;
        for (int at = 0; at <= form.length; at++) {
            if (at == form.length || form[at] == 0 || form[at] == '\n') {
                if (at - begin > length) {
                    from = begin;
                    length = at - begin;
                }
                begin = at + 1;
            }
        }
        return Arrays.copyOfRange(form, from, from + length);
    }
}
