package airlock.doctor;

import airlock.config.AirlockConfig;
import airlock.config.KeyPlace;
import airlock.machine.Finding;
import airlock.program.Ending.DebianPackage;
import airlock.secrets.KeyFile;
import airlock.store.DiskSpace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Checks of this machine that start nothing.
record HostChecks(List<Path> programs, Path swaps, DiskSpace room) {
    private static final List<Path> PROGRAMS =
            List.of(Path.of("/usr/bin"), Path.of("/usr/sbin"), Path.of("/bin"), Path.of("/sbin"));

    private static final List<String> NEEDED =
            List.of(
                    "bsdtar",
                    "bwrap",
                    "mke2fs",
                    "mmdebstrap",
                    "prlimit",
                    "qemu-img",
                    "qemu-system-x86_64");

    /// A program or file that only some features need.
    ///
    /// @param purpose those features, for people
    private record Extra(String name, String debianPackage, String purpose) {
        boolean isHere(List<Path> programs) {
            return name.startsWith("/")
                    ? Files.isReadable(Path.of(name))
                    : programs.stream().anyMatch(f -> Files.isExecutable(f.resolve(name)));
        }
    }

    private static final List<Extra> EXTRAS =
            List.of(
                    new Extra("skopeo", "skopeo", "`airlock image pull`"),
                    new Extra("gpgv", "gpgv", "signed checksums (`--keyring`)"),
                    new Extra("mcopy", "mtools", "cloud images"),
                    new Extra("zstd", "zstd", "container images whose layers it compressed"),
                    new Extra("/usr/share/ovmf/OVMF.fd", "ovmf", "cloud images with UEFI"));

    /// Checks of the real machine.
    ///
    /// @param room free space on the disk of the state directory
    static HostChecks here(DiskSpace room) {
        return new HostChecks(PROGRAMS, Path.of("/proc/swaps"), room);
    }

    List<Finding> look(AirlockConfig config) {
        var findings = new ArrayList<Finding>();
        NEEDED.forEach(program -> findings.add(program(program)));
        for (var one : EXTRAS) {
            if (!one.isHere(programs)) {
                findings.add(
                        Finding.good(
                                one.name(),
                                "missing, and needed only for %s: apt-get install %s"
                                        .formatted(one.purpose(), one.debianPackage())));
            }
        }
        findings.add(swap());
        findings.addAll(key(config));
        return findings;
    }

    private Finding program(String program) {
        return programs.stream().anyMatch(f -> Files.isExecutable(f.resolve(program)))
                ? Finding.good(program, "found")
                : Finding.bad(
                        program,
                        "missing",
                        "apt-get install " + DebianPackage.of(program).orElseThrow());
    }

    private Finding swap() {
        try {
            return Files.readAllLines(swaps).size() <= 1
                    ? Finding.good("swap", "off")
                    : Finding.bad(
                            "swap",
                            "on: secrets in memory may reach the disk",
                            "swapoff -a, or encrypt the swap");
        } catch (IOException e) {
            return Finding.good("swap", "cannot read " + swaps);
        }
    }

    Finding disk(AirlockConfig config) {
        long free = room.free();
        long reserve = config.housekeeping().reserve();
        String seen =
                "%,d bytes are free for %s, the reserve is %,d"
                        .formatted(free, config.state(), reserve);
        return free >= reserve
                ? Finding.good("disk", seen)
                : Finding.bad(
                        "disk",
                        seen + ": no new work starts",
                        "`airlock du` shows who uses it; lower `retention` or give it a larger"
                                + " disk");
    }

    private static List<Finding> key(AirlockConfig config) {
        var findings = new ArrayList<Finding>();
        findings.add(
                KeyFile.at(config.keyPlace())
                        .hindrance()
                        .map(how -> Finding.bad("master key", how, "see the message"))
                        .orElseGet(
                                () ->
                                        Finding.good(
                                                "master key",
                                                "for its owner alone, or not made yet")));
        if (config.keyPlace() instanceof KeyPlace.InState(var file) && Files.exists(file)) {
            findings.add(
                    Finding.bad(
                            "master key's place",
                            file + " lies beside what it seals: a copy of the state opens it",
                            "stop Airlock, move the file out of the state directory, and name it as"
                                    + " `secret_key` (docs/secrets.md)"));
        }
        return findings;
    }
}
