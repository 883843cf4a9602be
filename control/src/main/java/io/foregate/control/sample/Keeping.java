package io.foregate.control.sample;

import io.foregate.api.message.HeaderName;
import io.foregate.control.build.Conditions;
import io.foregate.control.config.Loaded;
import io.foregate.control.config.effective.Action;
import io.foregate.control.config.effective.EffectiveConfig;
import io.foregate.control.config.effective.EffectiveRoute;
import io.foregate.control.config.effective.EffectiveSite;
import io.foregate.control.config.model.Admin;
import io.foregate.control.config.model.AdminAddress;
import io.foregate.control.config.model.Traffic;
import io.foregate.proxy.route.Condition;
import io.foregate.proxy.route.Literal;
import io.foregate.proxy.sample.HeadSampler;
import io.foregate.proxy.sample.KeptNames;
import io.foregate.proxy.sample.Marks;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Decides what is kept of requests: names that the configuration's conditions ask for, and a few harmless fields. Values that say who
 * somebody is, or let somebody in, are never among it; a mark has to do. One use.
 */
public final class Keeping {
    private static final int MOST_NAMES = 64;
    private static final int MOST_HEADS = 8 * 1024;
    private static final int MOST_HEADS_OF_ONE_LOOP = 4096;
    private static final int FEWEST_HEADS_OF_ONE_LOOP = 128;
    private static final int BYTES_OF_A_HEAD = 256;

    private static final List<HeaderName> HARMLESS =
            List.of(HeaderName.ACCEPT, HeaderName.ACCEPT_ENCODING, HeaderName.CONTENT_TYPE);

    /** Parts of names whose values nobody should find in a sample. */
    private static final List<String> DELICATE = List.of(
            "auth",
            "cookie",
            "token",
            "secret",
            "key",
            "session",
            "password",
            "passwd",
            "credential",
            "signature",
            "jwt",
            "csrf",
            "xsrf",
            "cert",
            "forwarded",
            "real-ip",
            "client-ip",
            "connecting-ip",
            "referer",
            "email",
            "user-id",
            "userid",
            "remote-user",
            "from");

    private final Set<HeaderName> values = new LinkedHashSet<>();
    private final Set<HeaderName> marked = new LinkedHashSet<>();
    private final Set<Literal> parameters = new LinkedHashSet<>();
    private final Set<Literal> cookies = new LinkedHashSet<>();

    private Keeping() {}

    /** How loops sample; null when they don't, because nobody could ask for it or wants it. */
    public static HeadSampler.@Nullable Plan of(Loaded.Ok loaded, Marks marks, int loops) {
        Admin admin = loaded.config().admin();
        if (admin.listen().kind() == AdminAddress.Kind.OFF || admin.sample() == Admin.Sample.OFF) {
            return null;
        }
        int heads =
                Integer.highestOneBit(Math.clamp(MOST_HEADS / loops, FEWEST_HEADS_OF_ONE_LOOP, MOST_HEADS_OF_ONE_LOOP));
        return new HeadSampler.Plan(names(loaded.effective()), marks, heads, heads * BYTES_OF_A_HEAD);
    }

    static KeptNames names(EffectiveConfig config) {
        Keeping keeping = new Keeping();
        HARMLESS.forEach(keeping::field);
        for (EffectiveSite site : config.sites()) {
            site.routes().forEach(keeping::route);
        }
        return new KeptNames(
                first(keeping.values), first(keeping.marked), first(keeping.parameters), first(keeping.cookies));
    }

    private static <T> List<T> first(Set<T> names) {
        return names.stream().limit(MOST_NAMES).toList();
    }

    private void route(EffectiveRoute route) {
        if (route.match().when().count() > 0) {
            for (Condition condition : Conditions.of(route.match().when())) {
                switch (condition) {
                    case Condition.Header(HeaderName name, var test) -> field(name);
                    case Condition.QueryParameter(Literal name, var test) -> parameters.add(name);
                    case Condition.Cookie(Literal name, var test) -> cookies.add(name);
                    case Condition.MethodIn _, Condition.ClientIn _ -> {}
                }
            }
        }
        if (route.action().value() instanceof Action.Split(Traffic.Split split) && split.override() != null) {
            Traffic.Choice choice = split.override();
            if (choice.header() != null) {
                field(HeaderName.of(choice.header().text()));
            }
        }
    }

    private void field(HeaderName name) {
        (delicate(name) ? marked : values).add(name);
    }

    private static boolean delicate(HeaderName name) {
        String lower = name.toString().toLowerCase(Locale.ROOT);
        return DELICATE.stream().anyMatch(lower::contains);
    }
}
