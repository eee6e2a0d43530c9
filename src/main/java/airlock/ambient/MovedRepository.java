package airlock.ambient;

import airlock.config.RsyncTarget;
import airlock.config.SecretName;
import airlock.event.Phase;
import airlock.plan.OperatorBlock;
import airlock.text.SafeText;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/// A project as a repository of the configuration.
final class MovedRepository {
    private static final String SSH_KEY = "ssh_key";
    private static final Pattern WORD = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]*");

    private final AmbientConfig config;
    private final Project project;
    private final String name;
    private final List<String> remarks = new ArrayList<>();
    private final Map<String, String> targets = new HashMap<>();
    private final Set<String> places = new HashSet<>();
    private final List<String> secrets = new ArrayList<>();

    MovedRepository(AmbientConfig config, Project project, String name) {
        this.config = config;
        this.project = project;
        this.name = name;
    }

    OperatorBlock.Repository block(String image) {
        remarks.add(
                "The project %s, which was tested in %s."
                        .formatted(
                                SafeText.quoted(project.name()),
                                SafeText.line(project.source().toString(), 200)));
        if (project.plan().actionsOf(Phase.POST_PLAN).isEmpty()) {
            if (!config.secrets().orElse(List.of()).isEmpty()) {
                remarks.add("It publishes nothing, so it gets no secrets.");
            }
        } else {
            rsync();
            dput();
            secrets();
        }
        return new OperatorBlock.Repository(
                project.plan(), name, image, remarks, targets, places, secrets);
    }

    private void rsync() {
        config.rsyncTarget(project.name())
                .ifPresent(
                        target -> {
                            try {
                                var read = RsyncTarget.of(target);
                                targets.put("rsync", FlowText.quoted(target));
                                places.add(read.host() + ":" + read.port());
                            } catch (IllegalArgumentException e) {
                                remarks.add(
                                        "Its rsync target has no counterpart: " + e.getMessage());
                            }
                        });
    }

    private void dput() {
        config.dputTarget()
                .ifPresent(
                        target -> {
                            if (WORD.matcher(target).matches()) {
                                targets.put("dput", FlowText.quoted(target));
                                remarks.add(
                                        "Add the server of %s in dput.cf to network.post_plan.allow."
                                                .formatted(SafeText.quoted(target)));
                            } else {
                                remarks.add(
                                        "Its dput target has no counterpart: %s is no name of dput.cf"
                                                .formatted(SafeText.quoted(target)));
                            }
                        });
    }

    /// Ambient has one list for all projects.
    private void secrets() {
        var files = new ArrayList<String>();
        var seen = new HashSet<String>();
        for (var secret : config.secrets().orElse(List.of())) {
            if (!seen.add(secret.name())) {
                remarks.add("Two secrets are called " + SafeText.quoted(secret.name()));
            } else if (secret.name().equals(SSH_KEY)) {
                key(secret);
            } else if (SecretName.isFile(secret.name())) {
                files.add(
                        "  # airlock secret set %s %s --file %s"
                                .formatted(name, secret.name(), source(secret)));
                files.add(
                        "  - {name: %s, phases: [post_plan]}"
                                .formatted(FlowText.quoted(secret.name())));
            } else {
                remarks.add(
                        "No secret can be called %s here: %s"
                                .formatted(SafeText.quoted(secret.name()), source(secret)));
            }
        }
        if (!files.isEmpty()) {
            secrets.add("files:");
            secrets.addAll(files);
        }
    }

    private void key(AmbientConfig.SecretFile secret) {
        secrets.add(
                "# In place of the key in %s: `airlock secret new %s` makes one and prints"
                        .formatted(source(secret), name));
        secrets.add(
                "# its public half for the server. docs/secrets.md has ways that need no key in a"
                        + " VM.");
        secrets.add("drive: [post_plan]");
    }

    private static String source(AmbientConfig.SecretFile secret) {
        return SafeText.line(ImageNames.shellWord(secret.source()), 200);
    }
}
