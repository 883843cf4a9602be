package io.foregate.control.admin;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** Describes resources as OpenAPI 3.1 has it. Stateless. */
public final class OpenApi {
    private static final Pattern PARAMETER = Pattern.compile("\\{([a-z]+)[+!]?}");

    private OpenApi() {}

    /** The description of this version's API, always the same. */
    public static String json() {
        return JsonMapper.builder()
                        .enable(SerializationFeature.INDENT_OUTPUT)
                        .build()
                        .writeValueAsString(of(Resources.ALL))
                + "\n";
    }

    static Map<String, Object> of(List<Resource> resources) {
        Map<String, Object> paths = new LinkedHashMap<>();
        for (Resource resource : resources) {
            for (String path : paths(resource.path())) {
                operations(paths, path).put(resource.method().toLowerCase(Locale.ROOT), operation(resource, path));
            }
        }
        operations(paths, "/live").put("get", health("live", "Whether the process answers at all.", false));
        operations(paths, "/ready")
                .put("get", health("ready", "Whether it takes requests; 503 while it drains.", true));
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("openapi", "3.1.0");
        Map<String, Object> info = new LinkedHashMap<>();
        info.put("title", "Foregate admin API");
        info.put("version", "1");
        tree.put("info", info);
        tree.put("security", List.of(Map.of("token", List.of())));
        tree.put("paths", paths);
        Map<String, Object> token = new LinkedHashMap<>();
        token.put("type", "http");
        token.put("scheme", "bearer");
        tree.put("components", Map.of("securitySchemes", Map.of("token", token)));
        return tree;
    }

    // What takes the rest of the path takes none of it, too.
    private static List<String> paths(String template) {
        int rest = template.indexOf("+}");
        if (rest < 0) {
            return List.of(template.replace("!}", "}"));
        }
        return List.of(template.substring(0, template.lastIndexOf('/')), template.replace("+}", "}"));
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> operations(Map<String, Object> paths, String path) {
        return (Map<String, Object>) paths.computeIfAbsent(path, _ -> new LinkedHashMap<String, Object>());
    }

    private static Map<String, Object> health(String id, String summary, boolean may503) {
        Map<String, Object> answers = new LinkedHashMap<>();
        answers.put("200", Map.of("description", "Yes."));
        if (may503) {
            answers.put("503", Map.of("description", "No."));
        }
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("operationId", id);
        tree.put("summary", summary);
        tree.put("security", List.of());
        tree.put("responses", answers);
        return tree;
    }

    private static Map<String, Object> operation(Resource resource, String path) {
        Resource.Spec spec = resource.spec();
        Map<String, Object> tree = new LinkedHashMap<>();
        boolean part = resource.path().contains("+}") && path.contains("{");
        tree.put("operationId", part ? spec.id() + "Part" : spec.id());
        tree.put("summary", spec.summary());
        tree.put("x-role", spec.role().name().toLowerCase(Locale.ROOT));
        List<Object> parameters = new ArrayList<>();
        Matcher matcher = PARAMETER.matcher(path);
        while (matcher.find()) {
            parameters.add(parameter(matcher.group(1), "path", "string", ""));
        }
        for (Resource.Field field : spec.fields().query()) {
            parameters.add(parameter(field.name(), "query", type(field.type()), field.about()));
        }
        if (conditional(resource)) {
            parameters.add(parameter("If-Match", "header", "string", "The revision that is replaced, or `*`."));
        }
        if (!parameters.isEmpty()) {
            tree.put("parameters", parameters);
        }
        if (!resource.method().equals("GET")) {
            tree.put("requestBody", Map.of("content", Map.of("application/json", Map.of("schema", schema(spec)))));
        }
        tree.put("responses", responses(resource));
        return tree;
    }

    private static boolean conditional(Resource resource) {
        return resource.spec().writes() && resource.path().startsWith("/v1/config");
    }

    private static Map<String, Object> parameter(String name, String in, String type, String about) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("name", name);
        tree.put("in", in);
        if (!in.equals("query")) {
            tree.put("required", true);
        }
        if (!about.isEmpty()) {
            tree.put("description", about);
        }
        tree.put("schema", Map.of("type", type));
        return tree;
    }

    private static Map<String, Object> schema(Resource.Spec spec) {
        Map<String, Object> properties = new LinkedHashMap<>();
        for (Resource.Field field : spec.fields().body()) {
            Map<String, Object> property = new LinkedHashMap<>();
            if (field.type() != Resource.Type.ANY) {
                property.put("type", type(field.type()));
            }
            if (field.type() == Resource.Type.STRINGS) {
                property.put("items", Map.of("type", "string"));
            }
            property.put("description", field.about());
            properties.put(field.name(), property);
        }
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("type", "object");
        tree.put("properties", properties);
        tree.put("additionalProperties", false);
        return tree;
    }

    private static String type(Resource.Type type) {
        return switch (type) {
            case STRING -> "string";
            case INTEGER -> "integer";
            case BOOLEAN -> "boolean";
            case OBJECT, ANY -> "object";
            case STRINGS -> "array";
        };
    }

    private static Map<String, Object> responses(Resource resource) {
        Map<String, Object> answers = new LinkedHashMap<>();
        answer(answers, 200, "As asked for.");
        if (!resource.method().equals("GET")) {
            answer(answers, 400, "The body can't be understood.");
        }
        answer(answers, 401, "No token, or one that nobody knows.");
        answer(answers, 403, "The token may not do this, or a page of another site asks.");
        if (resource.path().contains("{")) {
            answer(answers, 404, "There is no such thing.");
        }
        if (conditional(resource)) {
            answer(answers, 412, "Another revision is in force.");
        }
        if (!resource.method().equals("GET")) {
            answer(answers, 413, "The body is too large.");
            answer(answers, 415, "The body isn't JSON.");
        }
        if (resource.spec().fields().body().stream()
                        .anyMatch(field -> field.name().equals("text"))
                || conditional(resource)
                || resource.path().equals("/v1/rollback")) {
            answer(answers, 422, "The configuration can't be used: all problems with their places.");
        }
        if (conditional(resource)) {
            answer(answers, 428, "If-Match is missing.");
        }
        answer(answers, 429, "Too many calls.");
        return answers;
    }

    private static void answer(Map<String, Object> answers, int status, String about) {
        answers.put(String.valueOf(status), Map.of("description", about));
    }
}
