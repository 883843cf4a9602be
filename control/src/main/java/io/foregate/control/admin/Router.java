package io.foregate.control.admin;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import io.foregate.control.config.model.Admin;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * Every call goes through here: how often, from which page, by whom, for what, how large; then its resource answers. Thread-safe.
 *
 * <p>Limits: a body has at most 40 MB (a configuration has 16, and JSON may double that), 200 calls a second on average and 400 at
 * once, and 5 of callers that aren't known.
 */
final class Router {
    static final int MOST_BYTES = 40 << 20;

    private static final Logger LOG = LoggerFactory.getLogger(Router.class);
    private static final Set<String> METHODS = Set.of("GET", "PUT", "POST", "DELETE");

    private final Live live;
    private final JsonMapper json = JsonMapper.builder()
            .enable(SerializationFeature.INDENT_OUTPUT)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();
    private final RateLimit calls = new RateLimit(200, 400, System::nanoTime);
    private final RateLimit strangers = new RateLimit(5, 20, System::nanoTime);

    Router(Live live) {
        this.live = live;
    }

    /** Answers one call, whatever it is. */
    void answer(HttpExchange exchange, Door door) throws IOException {
        try (exchange) {
            Reply reply;
            try {
                reply = reply(exchange, door);
            } catch (Refusal e) {
                reply = e.reply();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                reply = Reply.error(503, "the process is about to end");
            } catch (RuntimeException e) {
                LOG.error("the admin API has failed at {}", exchange.getRequestMethod(), e);
                reply = Reply.error(500, "an internal error, which the error log tells of");
            }
            if (reply.content() instanceof Streamed lines) {
                stream(exchange, door, lines);
            } else {
                send(exchange, reply);
            }
        }
    }

    private Reply reply(HttpExchange exchange, Door door) throws Refusal, InterruptedException, IOException {
        String user = door.user(exchange);
        if (user == null) {
            throw new Refusal(403, "this port is for the process itself; use the unix socket");
        }
        String path = exchange.getRequestURI().getRawPath();
        if (path == null || !path.startsWith("/")) {
            throw new Refusal(400, "a path begins with /");
        }
        if (path.equals("/live") || path.equals("/ready")) {
            // Not limited: it costs next to nothing, and whoever restarts processes goes by it.
            return health(path, exchange.getRequestMethod());
        }
        String foreign = CrossSite.refusal(exchange.getRequestHeaders(), door.guardsNames(), door.secure());
        Caller caller = foreign != null
                ? null
                : door.access()
                        .caller(exchange.getRequestHeaders().getFirst("Authorization"), user, door.from(exchange));
        // Whoever isn't known can't use up what those who are may call, nor fill the audit log.
        if (caller == null ? !strangers.take() : !calls.take()) {
            throw new Refusal(429, "too many calls; wait a second");
        }
        boolean reads = exchange.getRequestMethod().equals("GET")
                || exchange.getRequestMethod().equals("HEAD");
        Reply reply;
        Route route = new Route();
        try {
            if (foreign != null) {
                throw new Refusal(403, foreign);
            }
            if (caller == null) {
                throw new Refusal(401, "a token is needed: Authorization: Bearer TOKEN");
            }
            reply = answer(exchange, caller, route);
        } catch (Refusal e) {
            reply = e.reply();
        }
        if (route.found == null ? !reads : route.found.spec().writes()) {
            Caller who = caller != null ? caller : new Caller("nobody known", Admin.Role.READ, door.from(exchange));
            live.audit()
                    .add(
                            who,
                            exchange.getRequestMethod() + " " + path + route.wanted(),
                            reply.status(),
                            outcome(reply));
        }
        return reply;
    }

    /** What is known of a call when its outcome is written down. */
    private static final class Route {
        @Nullable
        Resource found;

        JsonNode body = JsonMapper.shared().createObjectNode();

        // Configurations are too long, and are in the history.
        String wanted() {
            StringBuilder text = new StringBuilder();
            for (Map.Entry<String, JsonNode> field : body.properties()) {
                if (!field.getKey().equals("text")
                        && !field.getKey().equals("value")
                        && field.getValue().isValueNode()
                        && !field.getValue().asString("").isEmpty()) {
                    text.append(' ').append(field.getKey()).append('=');
                    text.append(field.getValue().asString(""));
                }
            }
            return text.toString();
        }
    }

    private static String outcome(Reply reply) {
        if (reply.content() instanceof Map<?, ?> tree && tree.get("problems") instanceof List<?> problems) {
            Object first = problems.isEmpty() ? null : problems.getFirst();
            String message = first instanceof Map<?, ?> problem ? ": " + problem.get("message") : "";
            return reply.complaint() + message;
        }
        String etag = reply.etag();
        return etag == null ? reply.complaint() : "revision " + etag.replace("\"", "");
    }

    private Reply health(String path, String method) throws Refusal {
        if (!method.equals("GET") && !method.equals("HEAD")) {
            throw new Refusal(405, "only GET is there");
        }
        boolean fine = path.equals("/live") || !live.foregate().stopping();
        return Reply.of(fine ? 200 : 503, Map.of("status", fine ? "ok" : "draining"));
    }

    private Reply answer(HttpExchange exchange, Caller caller, Route route)
            throws Refusal, InterruptedException, IOException {
        String method = exchange.getRequestMethod().equals("HEAD") ? "GET" : exchange.getRequestMethod();
        List<String> segments = segments(exchange.getRequestURI().getRawPath());
        Set<String> others = new LinkedHashSet<>();
        for (Resource resource : Resources.ALL) {
            Map<String, List<String>> values = resource.match(segments);
            if (values == null) {
                continue;
            }
            if (!resource.method().equals(method)) {
                others.add(resource.method());
                continue;
            }
            route.found = resource;
            if (!caller.role().covers(resource.spec().role())) {
                throw new Refusal(
                        403,
                        "this needs the role " + word(resource.spec().role()) + "; the token " + caller.name() + " has "
                                + word(caller.role()));
            }
            Map<String, String> query = query(exchange.getRequestURI().getRawQuery(), resource);
            if (!method.equals("GET")) {
                route.body = body(exchange, resource);
            }
            Call call = new Call(caller, values, query, conditions(exchange.getRequestHeaders()), route.body);
            return resource.handler().answer(call, live);
        }
        if (!others.isEmpty() && METHODS.contains(method)) {
            throw new Refusal(405, "there is " + String.join(" and ", others) + " here, not " + method);
        }
        throw others.isEmpty()
                ? new Refusal(404, "there is no such resource; /v1/openapi.json names all")
                : new Refusal(405, "there is " + String.join(" and ", others) + " here");
    }

    private static String word(Admin.Role role) {
        return role.name().toLowerCase(Locale.ROOT);
    }

    private static Call.Conditions conditions(Headers headers) {
        String accept = headers.getFirst("Accept");
        return new Call.Conditions(headers.getFirst("If-Match"), accept != null && accept.startsWith("text/plain"));
    }

    private static List<String> segments(String rawPath) throws Refusal {
        List<String> segments = new ArrayList<>();
        for (String segment : rawPath.substring(1).split("/", -1)) {
            segments.add(decoded(segment.replace("+", "%2B")));
        }
        if (segments.size() > 1 && segments.getLast().isEmpty()) {
            segments.removeLast();
        }
        return segments;
    }

    private static String decoded(String text) throws Refusal {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new Refusal(400, "a % in a URL begins an escape such as %2F");
        }
    }

    private static Map<String, String> query(@Nullable String raw, Resource resource) throws Refusal {
        Map<String, String> query = new LinkedHashMap<>();
        if (raw == null || raw.isEmpty()) {
            return query;
        }
        List<String> known = resource.spec().fields().query().stream()
                .map(Resource.Field::name)
                .toList();
        for (String pair : raw.split("&")) {
            int equals = pair.indexOf('=');
            String name = decoded(equals < 0 ? pair : pair.substring(0, equals));
            if (!known.contains(name)) {
                throw new Refusal(400, "there is no parameter " + name + " here" + among(known));
            }
            query.put(name, equals < 0 ? "" : decoded(pair.substring(equals + 1)));
        }
        return query;
    }

    private static String among(List<String> known) {
        return known.isEmpty() ? "" : "; there are " + String.join(", ", known);
    }

    private JsonNode body(HttpExchange exchange, Resource resource) throws Refusal, IOException {
        String type = exchange.getRequestHeaders().getFirst("Content-Type");
        if (type == null && exchange.getRequestMethod().equals("DELETE") && bare(exchange.getRequestHeaders())) {
            // Pages can't send it without being asked whether they may.
            return json.createObjectNode();
        }
        if (type == null || !type.split(";", 2)[0].strip().equalsIgnoreCase("application/json")) {
            throw new Refusal(415, "a body is JSON: Content-Type: application/json");
        }
        String length = exchange.getRequestHeaders().getFirst("Content-Length");
        if (length != null && length.length() > 18
                || length != null && Call.number(length, "Content-Length") > MOST_BYTES) {
            throw tooLarge();
        }
        byte[] bytes;
        try (InputStream in = exchange.getRequestBody()) {
            bytes = in.readNBytes(MOST_BYTES + 1);
            if (bytes.length > MOST_BYTES) {
                throw tooLarge();
            }
        }
        if (bytes.length == 0) {
            return json.createObjectNode();
        }
        try {
            JsonNode tree = json.readTree(bytes);
            check(tree, resource.spec().fields().body());
            return tree;
        } catch (JacksonException e) {
            throw new Refusal(400, "the body is no JSON that can be read: " + e.getOriginalMessage());
        }
    }

    private static boolean bare(Headers headers) {
        return !headers.containsKey("Transfer-Encoding")
                && "0".equals(Objects.requireNonNullElse(headers.getFirst("Content-Length"), "0"));
    }

    private static Refusal tooLarge() {
        return new Refusal(413, "a body has at most " + (MOST_BYTES >> 20) + " MB");
    }

    private static void check(JsonNode tree, List<Resource.Field> fields) throws Refusal {
        if (!tree.isObject()) {
            throw new Refusal(400, "the body is an object: {}");
        }
        for (Map.Entry<String, JsonNode> entry : tree.properties()) {
            Resource.Field field = fields.stream()
                    .filter(one -> one.name().equals(entry.getKey()))
                    .findFirst()
                    .orElse(null);
            if (field == null) {
                List<String> known = fields.stream().map(Resource.Field::name).toList();
                throw new Refusal(400, "there is no field " + entry.getKey() + " here" + among(known));
            }
            if (!entry.getValue().isNull() && !fits(entry.getValue(), field.type())) {
                throw new Refusal(
                        400,
                        field.name() + " is of another type: "
                                + field.type().name().toLowerCase(Locale.ROOT));
            }
        }
    }

    private static boolean fits(JsonNode value, Resource.Type type) {
        return switch (type) {
            case STRING -> value.isString();
            case INTEGER -> value.isIntegralNumber() && value.canConvertToLong();
            case BOOLEAN -> value.isBoolean();
            case OBJECT -> value.isObject();
            case ANY -> true;
            case STRINGS -> {
                boolean strings = value.isArray();
                for (JsonNode element : value) {
                    strings &= element.isString();
                }
                yield strings;
            }
        };
    }

    private static Headers headers(HttpExchange exchange, String type) {
        Headers headers = exchange.getResponseHeaders();
        headers.set("Content-Type", type);
        headers.set("Cache-Control", "no-store");
        headers.set("X-Content-Type-Options", "nosniff");
        headers.set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'");
        headers.set("Cross-Origin-Resource-Policy", "same-origin");
        return headers;
    }

    // A token that isn't one any more ends what was begun with it.
    private static void stream(HttpExchange exchange, Door door, Streamed lines) throws IOException {
        headers(exchange, "application/x-ndjson");
        if (exchange.getRequestMethod().equals("HEAD")) {
            exchange.sendResponseHeaders(200, -1);
            return;
        }
        exchange.sendResponseHeaders(200, 0);
        String shown = exchange.getRequestHeaders().getFirst("Authorization");
        Access begun = door.access();
        Caller before = begun.caller(shown, "", "");
        try {
            lines.write(exchange.getResponseBody(), () -> {
                Access now = door.access();
                return !door.closing() && (now == begun || Objects.equals(now.caller(shown, "", ""), before));
            });
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void send(HttpExchange exchange, Reply reply) throws IOException {
        Headers headers = headers(exchange, reply.text() ? "text/plain; charset=utf-8" : "application/json");
        byte[] bytes = reply.text()
                ? String.valueOf(reply.content()).getBytes(StandardCharsets.UTF_8)
                : (json.writeValueAsString(reply.content()) + "\n").getBytes(StandardCharsets.UTF_8);
        String etag = reply.etag();
        if (etag != null) {
            headers.set("ETag", etag);
        }
        if (reply.status() == 401) {
            headers.set("WWW-Authenticate", "Bearer realm=\"foregate\"");
        } else if (reply.status() == 429) {
            headers.set("Retry-After", "1");
        }
        boolean head = exchange.getRequestMethod().equals("HEAD");
        exchange.sendResponseHeaders(reply.status(), head ? -1 : bytes.length);
        if (!head) {
            exchange.getResponseBody().write(bytes);
            // What is left of the request may keep the end waiting.
            exchange.getResponseBody().flush();
        }
    }
}
