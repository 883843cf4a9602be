package io.foregate.control.admin;

import io.foregate.control.config.model.Admin;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One thing that the API can do: what is called, what it needs, and who answers. The server goes by it, and so does the
 * description that it gives of itself. A value.
 *
 * @param path a template: {@code {name}} stands for a segment, {@code {name+}} for all that are left, none included, and
 *     {@code {name!}} for all that are left, at least one
 */
record Resource(String method, String path, Spec spec, Handler handler) {
    /** Answers calls. */
    interface Handler {
        Reply answer(Call call, Live live) throws Refusal, InterruptedException;
    }

    /**
     * What is said of a resource.
     *
     * @param id for programs that are generated
     * @param role the least that it takes
     * @param writes whether it changes anything; such calls are written in the audit log
     */
    record Spec(String id, String summary, Admin.Role role, boolean writes, Fields fields) {}

    /** What may be said in a call. */
    record Fields(List<Field> query, List<Field> body) {
        static final Fields NONE = new Fields(List.of(), List.of());
    }

    /** One of these. */
    record Field(String name, Type type, String about) {}

    /** Kinds of values. */
    enum Type {
        STRING,
        INTEGER,
        BOOLEAN,
        OBJECT,
        STRINGS,
        ANY
    }

    static Resource read(String path, String id, String summary, Handler handler) {
        return new Resource("GET", path, new Spec(id, summary, Admin.Role.READ, false, Fields.NONE), handler);
    }

    /** A question that doesn't fit into a URL. */
    static Resource ask(String path, String id, String summary, Handler handler) {
        return new Resource("POST", path, new Spec(id, summary, Admin.Role.READ, false, Fields.NONE), handler);
    }

    static Resource write(String method, String path, Spec spec, Handler handler) {
        return new Resource(method, path, spec, handler);
    }

    static Spec spec(String id, String summary, Admin.Role role) {
        return new Spec(id, summary, role, true, Fields.NONE);
    }

    Resource needs(Admin.Role role) {
        return new Resource(method, path, new Spec(spec.id, spec.summary, role, spec.writes, spec.fields), handler);
    }

    Resource query(String name, Type type, String about) {
        List<Field> query = new ArrayList<>(spec.fields.query);
        query.add(new Field(name, type, about));
        return with(new Fields(List.copyOf(query), spec.fields.body));
    }

    Resource body(String name, Type type, String about) {
        List<Field> body = new ArrayList<>(spec.fields.body);
        body.add(new Field(name, type, about));
        return with(new Fields(spec.fields.query, List.copyOf(body)));
    }

    private Resource with(Fields fields) {
        return new Resource(method, path, new Spec(spec.id, spec.summary, spec.role, spec.writes, fields), handler);
    }

    /** The values of the parameters where the path is one of the template, else null. */
    @Nullable
    Map<String, List<String>> match(List<String> segments) {
        String[] parts = path.substring(1).split("/");
        Map<String, List<String>> values = new LinkedHashMap<>();
        for (int i = 0; i < parts.length; i++) {
            String part = parts[i];
            if (part.endsWith("+}") || part.endsWith("!}")) {
                if (i > segments.size() || part.endsWith("!}") && i == segments.size()) {
                    return null;
                }
                values.put(part.substring(1, part.length() - 2), segments.subList(i, segments.size()));
                return values;
            }
            if (i >= segments.size()) {
                return null;
            }
            if (part.startsWith("{")) {
                values.put(part.substring(1, part.length() - 1), List.of(segments.get(i)));
            } else if (!part.equals(segments.get(i))) {
                return null;
            }
        }
        return parts.length == segments.size() ? values : null;
    }
}
