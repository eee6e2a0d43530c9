package airlock.plan;

import airlock.text.SafeText;
import airlock.vm.GuestStep;
import airlock.vm.Step;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.stream.Stream;

/// A step that the guest program does itself for an action of `actions.yaml`. It makes either
/// `directory`, `file` or `link`, each a path.
///
/// @param parents whether missing parents of the directory are made, too
/// @param content of the file
/// @param overwrite the field, a flag, that says whether a file that is there is replaced
/// @param to where the link leads
record GuestDescriptor(
        @JsonProperty(required = true) String title,
        String directory,
        boolean parents,
        String file,
        String content,
        String overwrite,
        String link,
        String to) {
    GuestDescriptor {
        if (Stream.of(directory, file, link).filter(path -> !path.isEmpty()).count() != 1) {
            throw new IllegalArgumentException(
                    title + ": needs either `directory`, `file` or `link`");
        }
    }

    /// The names of fields that it has.
    Stream<String> names() {
        return Stream.concat(
                Stream.of(overwrite).filter(flag -> !flag.isEmpty()),
                Stream.of(title, directory, file, content, link, to).flatMap(Template::names));
    }

    Step step(Template fields) {
        return StepContext.plain(
                SafeText.line(fields.text(title), DescribedAction.LONGEST_TITLE), what(fields));
    }

    private GuestStep what(Template fields) {
        if (!directory.isEmpty()) {
            return new GuestStep.MakeDirectory(fields.text(directory), 0755, parents);
        }
        return link.isEmpty()
                ? new GuestStep.WriteFile(
                        fields.text(file), 0644, fields.text(content), fields.has(overwrite))
                : new GuestStep.Link(fields.text(to), fields.text(link));
    }
}
