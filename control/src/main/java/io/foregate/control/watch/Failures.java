package io.foregate.control.watch;

import io.foregate.control.run.Foregate;
import io.foregate.proxy.observe.LoopWatch;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The last exchanges that failed, of all loops together. Asks the loops, and blocks for that. Stateless. */
public final class Failures {
    /** The most that are told of at once. */
    public static final int MOST = 500;

    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(3);
    // Clients may choose ids, and one of them may choose always the same.
    private static final int MOST_OF_ONE_ID = 20;

    private final Foregate foregate;

    public Failures(Foregate foregate) {
        this.foregate = foregate;
    }

    /**
     * What is kept.
     *
     * @param count how many failures
     * @param since when the oldest of them began, clients' own failures aside; null when there is none
     */
    public record Kept(int count, @Nullable String since) {}

    /** The newest, the newest first: those where somebody else than the client was at fault, or {@code all}. */
    public List<JsonNode> recent(int most, boolean all) throws InterruptedException {
        List<JsonNode> found = sorted(ask(loop -> loop.failures(most)));
        if (!all) {
            found.removeIf(
                    one -> one.path("failure").path("source").asString("").equals("client"));
        }
        return found.subList(0, Math.min(most, found.size()));
    }

    /** Those with that id, the newest first; usually one, or none. */
    public List<JsonNode> of(String id) throws InterruptedException {
        byte[] bytes = id.getBytes(StandardCharsets.UTF_8);
        List<JsonNode> found = sorted(ask(loop -> loop.failuresOf(bytes, MOST_OF_ONE_ID)));
        found.removeIf(one -> !one.path("id").asString("").equals(id));
        return found;
    }

    public Kept kept() throws InterruptedException {
        int count = 0;
        String since = null;
        for (int loop : loops()) {
            count += loop;
        }
        for (JsonNode oldest : sorted(ask(Failures::oldest))) {
            since = oldest.path("time").asString("");
        }
        return new Kept(count, since);
    }

    private List<Integer> loops() throws InterruptedException {
        return foregate.plane().ask(worker -> watch(worker.loop().index()).kept(), PATIENCE_NANOS);
    }

    private static List<byte[]> oldest(LoopWatch loop) {
        byte[] line = loop.oldest();
        return line == null ? List.of() : List.of(line);
    }

    private List<byte[]> ask(Function<LoopWatch, List<byte[]>> question) throws InterruptedException {
        List<byte[]> all = new ArrayList<>();
        foregate.plane()
                .ask(worker -> question.apply(watch(worker.loop().index())), PATIENCE_NANOS)
                .forEach(all::addAll);
        return all;
    }

    private LoopWatch watch(int loop) {
        return foregate.watch().loop(loop);
    }

    private static List<JsonNode> sorted(List<byte[]> lines) {
        List<JsonNode> trees = new ArrayList<>();
        for (byte[] line : lines) {
            trees.add(JsonMapper.shared().readTree(line));
        }
        // Times are of equal length, so their order is that of the text.
        trees.sort(Comparator.comparing((JsonNode one) -> one.path("time").asString(""))
                .reversed());
        return trees;
    }
}
