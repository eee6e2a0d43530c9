package airlock.image;

import airlock.base.Hash;
import airlock.vm.BootFiles.Firmware;
import airlock.vm.Emulation;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// What is known of an image; written once, beside its files.
///
/// @param name the image's own, without the key
/// @param suite Debian's, empty where it was not made of Debian's packages
/// @param asked the packages that the recipe asks for
/// @param sha256 of each file that is booted, by its name
/// @param made when, where it is known
/// @param from where it came from, for people
/// @param recipe its text, empty where there was none
/// @param parent the image that it was made from by hand, empty for none
/// @param guest sha256 of the guest program in its initramfs, empty where that is not known
/// @param commands what was typed in it, where there is a parent
/// @param installed all packages with their versions, empty where they are not known
/// @param user the one whom programs run as
/// @param shell that user's
/// @param container what its documents say of programs, where it was a container image
/// @param firmware what its own boot loader is written for; empty where it starts with Airlock's
///     kernel
/// @param emulation how its CPUs are emulated where there is no KVM
public record Facts(
        String name,
        String suite,
        List<String> asked,
        SortedMap<String, String> sha256,
        Optional<Instant> made,
        String from,
        String recipe,
        String parent,
        String guest,
        List<String> commands,
        SortedMap<String, String> installed,
        String user,
        String shell,
        Container container,
        Optional<Firmware> firmware,
        Emulation emulation) {
    public Facts {
        asked = List.copyOf(asked);
        sha256 = sorted(sha256);
        commands = List.copyOf(commands);
        installed = sorted(installed);
    }

    /// Those of an image of a recipe.
    ///
    /// @param emulation where the recipe has no word of it
    static Facts of(Recipe recipe, Map<String, String> installed, Emulation emulation) {
        return new Facts(
                recipe.name(),
                recipe.suite(),
                recipe.packages(),
                Collections.emptySortedMap(),
                Optional.empty(),
                "the recipe " + recipe.name(),
                recipe.text(),
                "",
                "",
                List.of(),
                sorted(installed),
                "root",
                installed.isEmpty() || installed.containsKey("bash") ? "/bin/bash" : "/bin/sh",
                Container.NONE,
                Optional.empty(),
                recipe.emulation().orElse(emulation));
    }

    /// The facts of a disk that Airlock did not build.
    ///
    /// @param parent whose kernel it starts with; empty for its own
    static Facts ofDisk(
            String name, String from, String parent, Path guest, Optional<Firmware> firmware) {
        var none = Collections.<String, String>emptySortedMap();
        return new Facts(
                name,
                "",
                List.of(),
                none,
                Optional.empty(),
                from,
                "",
                parent,
                Hashes.of(guest),
                List.of(),
                none,
                "root",
                "/bin/bash",
                Container.NONE,
                firmware,
                Emulation.PARALLEL);
    }

    /// The same with what is known once the files are there.
    Facts with(Map<String, String> hashes, Instant when) {
        return new Facts(
                name,
                suite,
                asked,
                sorted(hashes),
                Optional.of(when),
                from,
                recipe,
                parent,
                guest,
                commands,
                installed,
                user,
                shell,
                container,
                firmware,
                emulation);
    }

    /// The same with another guest program.
    Facts withGuest(String hash) {
        return new Facts(
                name, suite, asked, sha256, made, from, recipe, parent, hash, commands, installed,
                user, shell, container, firmware, emulation);
    }

    /// Those of what a person made of it by hand: its packages are not known any more.
    Facts changed(String other, String from, List<String> typed) {
        return new Facts(
                other,
                suite,
                List.of(),
                Collections.emptySortedMap(),
                Optional.empty(),
                "the image " + from + ", changed in a shell",
                "",
                from,
                guest,
                typed,
                Collections.emptySortedMap(),
                user,
                shell,
                container,
                firmware,
                emulation);
    }

    /// One hash for all that is booted: two images with the same are the same, byte for byte.
    public String hash() {
        var hash = Hash.sha256();
        sha256.forEach((file, sum) -> hash.add(sum + "  " + file + "\n"));
        return hash.hex();
    }

    private static SortedMap<String, String> sorted(Map<String, String> map) {
        return Collections.unmodifiableSortedMap(new TreeMap<>(map));
    }
}
