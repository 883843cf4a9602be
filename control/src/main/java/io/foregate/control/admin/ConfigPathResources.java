package io.foregate.control.admin;

import io.foregate.control.config.model.Admin;
import io.foregate.control.reload.Reloader;
import io.foregate.control.reload.Result;
import io.foregate.control.reload.Source;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Changes of one place of the configuration, which go the way of all changes: the whole is checked, applied, and kept. Stateless. */
final class ConfigPathResources {
    private static final String PATH = "/v1/config/{path!}";
    private static final int MOST_TRIES = 5;

    private ConfigPathResources() {}

    /** What becomes of the text. */
    private interface Edit {
        String of(String text) throws ConfigEdit.NoSuchPlace;
    }

    static List<Resource> table() {
        return List.of(
                Resource.write(
                                "PUT",
                                PATH,
                                Resource.spec(
                                        "putConfig",
                                        "Puts a value at a path such as `pools/web/servers/1`, in the place of what is there, and"
                                                + " the configuration that comes of it in force. `If-Match` as for the whole.",
                                        Admin.Role.CONFIGURE),
                                ConfigPathResources::put)
                        .body("value", Resource.Type.ANY, "What is to be there. Required.")
                        .body("message", Resource.Type.STRING, ConfigResources.MESSAGE),
                Resource.write(
                                "DELETE",
                                PATH,
                                Resource.spec(
                                        "deleteConfig",
                                        "Takes away what is at a path, and puts the configuration that comes of it in force."
                                                + " `If-Match` as for the whole.",
                                        Admin.Role.CONFIGURE),
                                ConfigPathResources::delete)
                        .body("message", Resource.Type.STRING, ConfigResources.MESSAGE));
    }

    private static Reply put(Call call, Live live) throws Refusal, InterruptedException {
        if (!call.body().has("value")) {
            throw new Refusal(400, "value is missing: what is to be there");
        }
        Object value = plain(call.body().path("value"));
        return edit(call, live, "set", text -> ConfigEdit.put(text, path(call), value));
    }

    private static Reply delete(Call call, Live live) throws Refusal, InterruptedException {
        return edit(call, live, "delete", text -> ConfigEdit.remove(text, path(call)));
    }

    private static List<String> path(Call call) {
        return Objects.requireNonNull(call.path().get("path"));
    }

    private static @Nullable Object plain(JsonNode value) {
        return JsonMapper.shared().treeToValue(value, Object.class);
    }

    private static Reply edit(Call call, Live live, String verb, Edit edit) throws Refusal, InterruptedException {
        Reloader reloader = live.reloader();
        @Nullable Long expected = ConfigResources.expected(call, reloader);
        String said = call.text("message");
        String message = said.isEmpty() ? verb + " " + String.join("/", path(call)) : said;
        for (int i = 0; i < MOST_TRIES; i++) {
            Reloader.InForce now = reloader.now();
            long revision = now.revision().number();
            if (expected != null && expected != revision) {
                break;
            }
            Source wanted =
                    new Source(now.source().name(), edited(now.source(), edit).getBytes(StandardCharsets.UTF_8));
            Result result = reloader.applyUpon(revision, wanted, call.caller().name(), message);
            if (result != null) {
                return ConfigResources.reply(result);
            }
        }
        throw ConfigResources.another(call, reloader);
    }

    private static String edited(Source source, Edit edit) throws Refusal {
        try {
            return edit.of(new String(source.text(), StandardCharsets.UTF_8));
        } catch (ConfigEdit.NoSuchPlace e) {
            throw new Refusal(e.missing() ? 404 : 409, String.valueOf(e.getMessage()));
        }
    }
}
