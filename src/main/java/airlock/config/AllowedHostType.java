package airlock.config;

import airlock.yaml.Key;
import airlock.yaml.Node;
import airlock.yaml.Node.Mapping;
import airlock.yaml.Place;
import airlock.yaml.Scalars;
import airlock.yaml.Section;
import airlock.yaml.Type;
import java.util.List;
import java.util.Optional;

/// An entry of an allow-list: a text, or a mapping that says more of it.
final class AllowedHostType implements Type<AllowedHost> {
    private static final Type<AllowedHost> TEXT =
            Scalars.TEXT.as("HOST:PORT, HOST:PORT = ADDRESS or *.DOMAIN", AllowedHost::of);
    private static final Key<AllowedHost> HOST = Key.required("host", TEXT, "");
    private static final Key<Boolean> ECH = Key.or("ech", Scalars.FLAG, false, "false", "");

    /// For people: what it is for.
    private static final Key<String> COMMENT = Key.or("comment", Scalars.TEXT, "", "\"\"", "");

    private static final Section<AllowedHost> MAPPING =
            new Section<>(
                    "entry",
                    "",
                    List.of(HOST, ECH, COMMENT),
                    values -> values.get(HOST).with(values.get(ECH), values.get(COMMENT)));

    @Override
    public String expected() {
        return TEXT.expected() + ", or `{host: …, ech: true, comment: …}`";
    }

    @Override
    public Optional<AllowedHost> read(Node node, Place place) {
        return node instanceof Mapping ? MAPPING.read(node, place) : TEXT.read(node, place);
    }
}
