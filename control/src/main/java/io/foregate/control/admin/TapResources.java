package io.foregate.control.admin;

import io.foregate.control.config.model.Admin;
import io.foregate.control.run.Foregate;
import io.foregate.proxy.observe.RecordFilter;
import io.foregate.proxy.observe.Tap;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Requests as they end, for as long as somebody looks. Stateless. */
final class TapResources {
    /** With one look every tenth of a second, some 5,000 a second: more than anybody reads, and less than loops would notice. */
    private static final int MOST_WAITING = 500;

    private static final long LOOK_MILLIS = 100;
    private static final int LOOKS_BETWEEN_SIGNS = 10;

    private TapResources() {}

    static List<Resource> table() {
        return List.of(FlightResources.filtered(Resource.read(
                        "/v1/tap",
                        "tap",
                        "Requests as they end, one JSON object a line, until the caller leaves. `{\"dropped\": 12}` tells of those"
                                + " that were too many; an empty line comes each second when nothing else does.",
                        TapResources::tap)
                .needs(Admin.Role.OPERATE)));
    }

    private static Reply tap(Call call, Live live) throws Refusal {
        RecordFilter filter = FlightResources.filter(call);
        Foregate foregate = live.foregate();
        return Reply.stream((out, going) -> {
            Tap tap = new Tap(filter, MOST_WAITING);
            if (!foregate.watch().attach(tap)) {
                out.write("{\"error\":\"as many look as may; end another tap or top\"}\n"
                        .getBytes(StandardCharsets.UTF_8));
                return;
            }
            try {
                show(tap, out, going);
            } finally {
                foregate.watch().detach(tap);
            }
        });
    }

    private static void show(Tap tap, OutputStream out, Streamed.Going going) throws IOException, InterruptedException {
        long dropped = 0;
        int quiet = 0;
        // The first sign tells that it has begun.
        out.write('\n');
        out.flush();
        for (int look = 1; going.on(); look++) {
            boolean wrote = false;
            // No more than were there: who is slower than the loops would never come to the end.
            for (int i = 0; i < MOST_WAITING; i++) {
                byte[] line = tap.poll();
                if (line == null) {
                    break;
                }
                out.write(line);
                wrote = true;
            }
            dropped += tap.dropped();
            if (dropped > 0 && look % LOOKS_BETWEEN_SIGNS == 0) {
                out.write(("{\"dropped\":" + dropped + "}\n").getBytes(StandardCharsets.UTF_8));
                dropped = 0;
                wrote = true;
            }
            quiet = wrote ? 0 : quiet + 1;
            if (quiet == LOOKS_BETWEEN_SIGNS) {
                // Otherwise nobody would notice that the other one has gone.
                out.write('\n');
                quiet = 0;
                wrote = true;
            }
            if (wrote) {
                out.flush();
            }
            Thread.sleep(LOOK_MILLIS);
        }
    }
}
