package io.foregate.control.discovery;

import io.foregate.api.spi.DiscoveredServer;
import io.foregate.api.spi.Discovery;
import io.foregate.api.spi.DiscoveryFactory;
import io.foregate.api.spi.DiscoveryListener;
import io.foregate.api.spi.DiscoveryRequest;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Servers that follow from what is known of a name, asked for again and again. Each {@link Question} makes a discovery of its own;
 * the option {@code refresh} (an ISO duration) says how often, or else the records' TTL.
 */
final class LookedUpDiscovery implements DiscoveryFactory {
    /** What a pool asks for. */
    interface Question {
        /** The name, for messages. */
        String name();

        /** Asks once; blocks. */
        Found ask() throws UnknownHostException, InterruptedException;
    }

    /**
     * What was found.
     *
     * @param life for how long that holds
     */
    record Found(List<DiscoveredServer> servers, Duration life) {}

    private final String name;
    private final Pace pace;
    private final Function<Map<String, String>, Question> questions;

    /**
     * @param name what pools call it
     * @param questions the question that follows from the options of a pool
     */
    LookedUpDiscovery(String name, Pace pace, Function<Map<String, String>, Question> questions) {
        this.name = name;
        this.pace = pace;
        this.questions = questions;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public @Nullable String complaint(Map<String, String> options) {
        return null;
    }

    @Override
    public Discovery open(DiscoveryRequest request, DiscoveryListener listener) {
        Question question = questions.apply(request.options());
        String refresh = request.options().get("refresh");
        Pace chosen = refresh == null ? pace : pace.every(Duration.parse(refresh));
        Rounds rounds =
                Rounds.start("foregate-" + name + " " + question.name(), () -> round(question, chosen, listener));
        return rounds::close;
    }

    private static Duration round(Question question, Pace pace, DiscoveryListener listener)
            throws InterruptedException {
        try {
            Found found = question.ask();
            listener.found(found.servers());
            return pace.after(found.life());
        } catch (UnknownHostException e) {
            listener.failed(question.name() + " does not resolve: " + e.getMessage());
            return pace.retry();
        }
    }
}
