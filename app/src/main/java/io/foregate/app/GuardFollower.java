package io.foregate.app;

import java.io.PrintWriter;
import java.util.Locale;
import tools.jackson.databind.JsonNode;

/** Shows how a configuration fares that is tried, until that is over. Whoever interrupts it stops looking, and nothing else. */
final class GuardFollower {
    private static final long LOOK_MILLIS = 500;
    private static final long SAY_MILLIS = 2_000;
    private static final int TOO_MANY = 429;
    private static final int MISSES = 10;

    private final AdminClient client;
    private final Output output;

    GuardFollower(AdminClient client, Output output) {
        this.client = client;
        this.output = output;
    }

    /**
     * Returns the exit code: 0 when it has come to what was wanted.
     *
     * @param wanted the revision; 0 for whichever is tried
     * @param abort whether it is wanted that it is undone
     */
    int follow(long wanted, boolean abort) throws InterruptedException {
        long revision = wanted;
        long saidNanos = 0;
        double saidShare = -1;
        while (true) {
            JsonNode state = look();
            long there = state.path("revision").asLong(0);
            if (revision != 0 && there != revision) {
                throw new Refused("revision " + revision
                        + " is settled, and another is tried by now; foregate history tells what it came to");
            }
            revision = there;
            String phase = state.path("phase").asString("");
            if (phase.equals("none")) {
                throw new Refused("no configuration is being tried");
            }
            if (!phase.equals("trying")) {
                return end(state, abort);
            }
            double share = state.path("share").asDouble(0);
            long now = System.nanoTime();
            if (!output.json() && (share != saidShare || now - saidNanos >= SAY_MILLIS * 1_000_000)) {
                saidNanos = now;
                saidShare = share;
                output.out().println(progress(state));
                output.out().flush();
            }
            Thread.sleep(LOOK_MILLIS);
        }
    }

    // The trial doesn't end because somebody can't look for a moment.
    private JsonNode look() throws InterruptedException {
        for (int left = MISSES; ; left--) {
            try {
                AdminClient.Answer answer = client.get("/v1/guard");
                if (answer.status() != TOO_MANY || left == 0) {
                    return answer.orRefuse().json();
                }
            } catch (Unreachable e) {
                if (left == 0) {
                    throw e;
                }
            }
            Thread.sleep(LOOK_MILLIS);
        }
    }

    /** Prints the end, and returns the exit code. */
    int end(JsonNode state, boolean abort) {
        boolean applied = state.path("phase").asString("").equals("applied");
        int code = applied == abort ? Main.NO : Main.FINE;
        if (output.json()) {
            output.print(state);
            return code;
        }
        PrintWriter out = output.out();
        long revision = state.path("revision").asLong(0);
        long against = state.path("against").asLong(0);
        out.println(sides(state));
        if (applied) {
            out.println("revision %d is in force: %s"
                    .formatted(revision, state.path("outcome").asString("")));
            return code;
        }
        out.println("revision %d is undone: %s"
                .formatted(revision, state.path("outcome").asString("")));
        out.println(
                "revision %d stays in force. The proxy's own file may hold the other one: put it right before the next reload."
                        .formatted(against));
        return code;
    }

    private static String progress(JsonNode state) {
        return "%4.0f s left, %3.0f %% of clients: %s"
                .formatted(
                        state.path("secondsLeft").asDouble(0),
                        state.path("share").asDouble(0) * 100,
                        sides(state));
    }

    private static String sides(JsonNode state) {
        return "new " + side(state.path("after")) + " | old " + side(state.path("before"));
    }

    private static String side(JsonNode side) {
        long requests = side.path("requests").asLong(0);
        if (requests == 0) {
            return "0 requests";
        }
        return String.format(
                Locale.ROOT,
                "%d requests, %d failed, %d not found, median %s, slowest tenth %s",
                requests,
                side.path("errors").asLong(0),
                side.path("notFound").asLong(0),
                millis(side.path("medianMillis").asDouble(0)),
                millis(side.path("slowestTenthMillis").asDouble(0)));
    }

    private static String millis(double millis) {
        return String.format(Locale.ROOT, millis < 10 ? "%.1f ms" : "%.0f ms", millis);
    }
}
