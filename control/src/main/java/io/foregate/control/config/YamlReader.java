package io.foregate.control.config;

import io.foregate.control.config.bind.Node;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.common.Anchor;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.DocumentStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.Event.ID;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.exceptions.ComposerException;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Tag;

/**
 * Makes the tree of a text of the parser's events. The parser's own tree would do, but its nodes take three times the memory, and
 * all of them are alive at once while a configuration is loaded. One use.
 */
final class YamlReader {
    private static final int SHARED = 256;

    private final LoadSettings settings;
    private final Iterator<Event> events;
    private final Map<Anchor, Node> anchors = new HashMap<>();
    // Names of pools above all are written again and again, most often near to each other.
    private final @Nullable String[] recent = new @Nullable String[SHARED];
    private int aliasesOfCollections;

    private YamlReader(LoadSettings settings, String yaml) {
        this.settings = settings;
        this.events = new Parse(settings).parseString(yaml).iterator();
    }

    /**
     * The tree of the one document in a text, or null when there is none. Throws what the parser throws, and StackOverflowError for
     * what is nested too deeply.
     */
    static @Nullable Node read(LoadSettings settings, String yaml) {
        return new YamlReader(settings, yaml).document();
    }

    private @Nullable Node document() {
        events.next();
        if (!(events.next() instanceof DocumentStartEvent)) {
            return null;
        }
        Event first = events.next();
        Node root = node(first);
        events.next();
        Event next = events.next();
        if (next.getEventId() != ID.StreamEnd) {
            throw new ComposerException(
                    "expected a single document in the stream",
                    first.getStartMark(),
                    "but found another document",
                    next.getStartMark());
        }
        return root;
    }

    private Node node(Event event) {
        return switch (event) {
            case AliasEvent alias -> aliased(alias);
            case ScalarEvent scalar -> scalar(scalar);
            case CollectionStartEvent start when start.getEventId() == ID.MappingStart -> mapping(start);
            case CollectionStartEvent start -> sequence(start);
            default -> throw new IllegalStateException("the parser gives " + event + " for a node");
        };
    }

    private Node aliased(AliasEvent event) {
        Node node = anchors.get(event.getAlias());
        if (node == null) {
            throw new ComposerException("found undefined alias " + event.getAlias(), event.getStartMark());
        }
        int most = settings.getMaxAliasesForCollections();
        if (!(node instanceof Node.Scalar) && ++aliasesOfCollections > most) {
            throw new YamlEngineException("Number of aliases for non-scalar nodes exceeds the specified max=" + most);
        }
        return node;
    }

    private Node scalar(ScalarEvent event) {
        String text = event.getValue();
        boolean implicit = event.getTag().isEmpty() || event.getTag().get().equals("!");
        String tag = tag(event.getTag());
        if (implicit && text.startsWith("$")) {
            // Of all that the parser finds out by the look of a text, this alone isn't one of YAML's own tags.
            boolean plain = event.getImplicit().canOmitTagInPlainScalar();
            tag = foreign(settings.getSchema().getScalarResolver().resolve(text, plain));
        }
        Mark mark = mark(event);
        return known(
                event, new Node.Scalar(shared(text), event.isPlain(), tag, mark.getLine() + 1, mark.getColumn() + 1));
    }

    private Node sequence(CollectionStartEvent event) {
        Mark mark = mark(event);
        ArrayList<Node> elements = new ArrayList<>();
        Node sequence = known(
                event, new Node.Sequence(elements, tag(event.getTag()), mark.getLine() + 1, mark.getColumn() + 1));
        for (Event next = events.next(); next.getEventId() != ID.SequenceEnd; next = events.next()) {
            elements.add(node(next));
        }
        elements.trimToSize();
        return sequence;
    }

    private Node mapping(CollectionStartEvent event) {
        Mark mark = mark(event);
        ArrayList<Node.Entry> entries = new ArrayList<>();
        Node mapping =
                known(event, new Node.Mapping(entries, tag(event.getTag()), mark.getLine() + 1, mark.getColumn() + 1));
        for (Event next = events.next(); next.getEventId() != ID.MappingEnd; next = events.next()) {
            Node key = node(next);
            entries.add(new Node.Entry(key, node(events.next())));
        }
        entries.trimToSize();
        return mapping;
    }

    // Before what is in it: it may hold an alias of itself.
    private Node known(NodeEvent event, Node node) {
        if (event.getAnchor().isPresent()) {
            anchors.put(event.getAnchor().get(), node);
        }
        return node;
    }

    private String shared(String text) {
        int place = text.hashCode() & (SHARED - 1);
        String other = recent[place];
        if (other != null && other.equals(text)) {
            return other;
        }
        recent[place] = text;
        return text;
    }

    private static @Nullable String tag(Optional<String> written) {
        return written.isEmpty() || written.get().equals("!") ? null : foreign(new Tag(written.get()));
    }

    private static @Nullable String foreign(Tag tag) {
        return tag.getValue().startsWith(Tag.PREFIX) ? null : tag.getValue();
    }

    private static Mark mark(Event event) {
        return event.getStartMark().orElseThrow();
    }
}
