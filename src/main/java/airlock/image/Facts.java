package airlock.image;

import airlock.base.Hash;
import airlock.vm.BootFiles.Emulation;
import airlock.vm.BootFiles.Firmware;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// Facts about an image, written once, to a file beside the image's own.
///
/// @param name without the key
/// @param guest SHA-256 of its guest program; empty if unknown
/// @param sha256 of each booted file, by name
/// @param made empty if unknown
/// @param firmware that its own boot loader needs; empty if it boots Airlock's kernel
/// @param emulation how its CPUs are emulated without KVM
public record Facts(
        String name,
        Origin origin,
        Software software,
        String guest,
        SortedMap<String, String> sha256,
        Optional<Instant> made,
        Optional<Firmware> firmware,
        Emulation emulation) {
    public Facts {
        sha256 = sorted(sha256);
    }

    /// How an image came to be. A text or list is empty if it does not apply.
    ///
    /// @param text one line, for people
    /// @param parent directory name of the image that this one took its kernel or its disk from
    /// @param commands that a person typed in the parent
    /// @param recipe the text of its recipe
    /// @param suite of Debian
    /// @param asked the packages that the recipe lists
    public record Origin(
            String text,
            String parent,
            List<String> commands,
            String recipe,
            String suite,
            List<String> asked) {
        public Origin {
            commands = List.copyOf(commands);
            asked = List.copyOf(asked);
        }

        static Origin imported(String text, String parent) {
            return new Origin(text, parent, List.of(), "", "", List.of());
        }
    }

    /// The programs on an image's disk.
    ///
    /// @param installed version by Debian package; empty if unknown
    /// @param user who runs actions
    /// @param shell the shell that runs them
    public record Software(
            SortedMap<String, String> installed, String user, String shell, Container container) {
        static final Software UNKNOWN = debian(Map.of());

        public Software {
            installed = sorted(installed);
        }

        static Software debian(Map<String, String> installed) {
            boolean bash = installed.isEmpty() || installed.containsKey("bash");
            return new Software(
                    sorted(installed), "root", bash ? "/bin/bash" : "/bin/sh", Container.NONE);
        }
    }

    static Facts unsealed(
            String name,
            Origin origin,
            Software software,
            String guest,
            Optional<Firmware> firmware,
            Emulation emulation) {
        return new Facts(
                name,
                origin,
                software,
                guest,
                Collections.emptySortedMap(),
                Optional.empty(),
                firmware,
                emulation);
    }

    ///
    /// @param detected applies if the recipe does not set the emulation
    static Facts of(
            Recipe recipe, Map<String, String> installed, Emulation detected, String guest) {
        return unsealed(
                recipe.name(),
                new Origin(
                        "the recipe " + recipe.name(),
                        "",
                        List.of(),
                        recipe.text(),
                        recipe.suite(),
                        recipe.packages()),
                Software.debian(installed),
                guest,
                Optional.empty(),
                recipe.emulation().orElse(detected));
    }

    /// Adds what is known once all files are written.
    Facts sealed(Map<String, String> hashes, Instant when) {
        return new Facts(
                name,
                origin,
                software,
                guest,
                sorted(hashes),
                Optional.of(when),
                firmware,
                emulation);
    }

    Facts withGuest(String hash) {
        return new Facts(name, origin, software, hash, sha256, made, firmware, emulation);
    }

    /// Facts of an image that a person made from this one; its packages are unknown.
    Facts changed(String newName, String parent, List<String> typed) {
        String from = "the image " + parent + ", changed in a shell";
        return unsealed(
                newName,
                new Origin(from, parent, typed, "", origin.suite, List.of()),
                new Software(
                        Collections.emptySortedMap(),
                        software.user,
                        software.shell,
                        software.container),
                guest,
                firmware,
                emulation);
    }

    /// One hash of all booted files: images with the same hash are identical, byte for byte.
    public String hash() {
        var hash = Hash.sha256();
        sha256.forEach((file, sum) -> hash.add(sum + "  " + file + "\n"));
        return hash.hex();
    }

    private static SortedMap<String, String> sorted(Map<String, String> map) {
        return Collections.unmodifiableSortedMap(new TreeMap<>(map));
    }
}
