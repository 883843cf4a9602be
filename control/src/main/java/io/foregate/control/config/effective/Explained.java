package io.foregate.control.config.effective;

import io.foregate.control.config.bind.Shapes;
import io.foregate.control.config.model.Rules;
import java.util.List;
import java.util.stream.Collectors;

/** One effective setting, as {@code explain} prints it. */
public record Explained(String key, String value, Origin origin) {
    static Explained of(String key, Setting<?> setting) {
        return new Explained(key, show(setting.value()), setting.origin());
    }

    private static String show(Object value) {
        return switch (value) {
            case Enum<?> constant -> Shapes.word(constant);
            case List<?> list -> list.stream().map(Explained::show).collect(Collectors.joining(", "));
            case Rules.Hsts hsts ->
                hsts.maxAge()
                        + (hsts.includeSubdomains() ? " with subdomains" : "")
                        + (hsts.preload() ? ", preload" : "");
            default -> value.toString();
        };
    }
}
