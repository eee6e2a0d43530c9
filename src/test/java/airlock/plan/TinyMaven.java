package airlock.plan;

import airlock.base.Hash;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.FieldBuilder;
import java.lang.classfile.attribute.ConstantValueAttribute;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/// A repository in Maven's layout: the artifact `hello.example:dep:1.0.0`, and in another directory
/// the local repository of Airlock's own build, with plugins.
///
/// @param folder of the artifact
public record TinyMaven(Path folder) {
    /// The path of the artifact's files in the repository, without the extension.
    public static final String HELLO = "/hello/example/dep/1.0.0/dep-1.0.0";

    public static final Path LOCAL = Path.of(System.getProperty("user.home"), ".m2/repository");
    private static final int JAVA_8 = 52;

    /// The content of Gradle's list: the artifact and JUnit 4 with its dependencies.
    private static final List<String> LISTED =
            List.of(
                    "hello.example:dep:1.0.0:jar:pom",
                    "junit:junit:4.13.2:jar:pom",
                    "org.hamcrest:hamcrest-core:1.3:jar:pom",
                    "org.hamcrest:hamcrest-parent:1.3:pom");

    public static TinyMaven make(Path folder) throws IOException {
        Files.createDirectories(folder);
        var made = new TinyMaven(folder);
        made.add(HELLO + ".jar", jar());
        made.add(
                HELLO + ".pom",
                """
                <project>
                  <modelVersion>4.0.0</modelVersion>
                  <groupId>hello.example</groupId><artifactId>dep</artifactId><version>1.0.0</version>
                </project>
                """
                        .getBytes(StandardCharsets.UTF_8));
        return made;
    }

    /// A message about files that Airlock's build has not left; empty if all are there.
    public static String lacks() throws IOException {
        for (String path :
                List.of(
                        plugin("maven-resources-plugin"),
                        plugin("maven-compiler-plugin"),
                        plugin("maven-surefire-plugin"),
                        plugin("maven-dependency-plugin"),
                        file("junit:junit:4.13.2", "jar"))) {
            if (!Files.exists(LOCAL.resolve(path))) {
                return LOCAL + " lacks " + path + ": mvn verify brings it";
            }
        }
        return "";
    }

    private static String plugin(String name) throws IOException {
        return file("org.apache.maven.plugins:" + name + ":" + pinned(name), "jar");
    }

    /// The version of a plugin, or the value of a property, in Airlock's own pom.
    public static String pinned(String name) throws IOException {
        var found =
                Pattern.compile(
                                "<artifactId>%1$s</artifactId>\\s*<version>([^<$]+)<|<%1$s>([^<]+)<"
                                        .formatted(Pattern.quote(name)))
                        .matcher(Files.readString(Path.of("pom.xml")));
        if (!found.find()) {
            throw new IOException("pom.xml says no version of " + name);
        }
        return found.group(1) == null ? found.group(2) : found.group(1);
    }

    /// The list as Gradle 6.2 and later write it.
    public String verificationMetadata() throws IOException {
        var list = new StringBuilder();
        for (String artifact : LISTED) {
            String[] parts = artifact.split(":", -1);
            String id = String.join(":", parts[0], parts[1], parts[2]);
            list.append(
                    "<component group='%s' name='%s' version='%s'>\n"
                            .formatted(parts[0], parts[1], parts[2]));
            for (int i = 3; i < parts.length; i++) {
                String path = file(id, parts[i]);
                Path file =
                        Stream.of(folder, LOCAL)
                                .map(place -> place.resolve(path))
                                .filter(Files::exists)
                                .findFirst()
                                .orElseThrow();
                list.append(
                        "<artifact name='%s'><sha256 value='%s'/></artifact>\n"
                                .formatted(
                                        file.getFileName(),
                                        digest("SHA-256", Files.readAllBytes(file))));
            }
            list.append("</component>\n");
        }
        return """
        <?xml version="1.0" encoding="UTF-8"?>
        <verification-metadata xmlns="https://schema.gradle.org/dependency-verification">
        <components>
        %s</components>
        </verification-metadata>
        """
                .formatted(list);
    }

    private static String file(String id, String kind) {
        String[] parts = id.split(":", -1);
        return "%s/%s/%s/%s-%s.%s"
                .formatted(
                        parts[0].replace('.', '/'), parts[1], parts[2], parts[1], parts[2], kind);
    }

    private static byte[] jar() throws IOException {
        byte[] dep =
                ClassFile.of()
                        .build(
                                ClassDesc.of("hello.Dep"),
                                made ->
                                        made.withVersion(JAVA_8, 0)
                                                .withFlags(ClassFile.ACC_PUBLIC)
                                                .withField(
                                                        "HELLO",
                                                        ConstantDescs.CD_int,
                                                        TinyMaven::constant));
        var bytes = new ByteArrayOutputStream();
        try (var zip = new ZipOutputStream(bytes)) {
            var entry = new ZipEntry("hello/Dep.class");
            entry.setTimeLocal(LocalDateTime.of(2026, 1, 1, 0, 0));
            zip.putNextEntry(entry);
            zip.write(dep);
            zip.closeEntry();
        }
        return bytes.toByteArray();
    }

    private static void constant(FieldBuilder field) {
        field.withFlags(ClassFile.ACC_PUBLIC | ClassFile.ACC_STATIC | ClassFile.ACC_FINAL)
                .with(ConstantValueAttribute.of(1));
    }

    private void add(String path, byte[] content) throws IOException {
        Path file = folder.resolve(path.substring(1));
        Files.createDirectories(file.getParent());
        Files.write(file, content);
        Files.writeString(Path.of(file + ".sha1"), digest("SHA-1", content));
    }

    private static String digest(String algorithm, byte[] content) {
        return Hash.by(algorithm).add(content).hex();
    }
}
